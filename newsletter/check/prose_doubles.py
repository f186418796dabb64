"""Which words may rightly stand twice in a row, by language."""

from __future__ import annotations

ENGLISH_DOUBLES = frozenset(
    """
    had that her you who do did does will can may up down over by through out one two
    very really so too much many more most long far way big old new little good great high deep tiny huge half
    no yes ha he hee ho hey hi bye hear there now please again never ever go wait oh ooh ah uh um
    knock tap tick tut tsk chop la na da blah bla yada yadda boo choo cha chi dum ding dong pom tom win yo bang beep
    buzz click drip hush night jk lol rah rat row same walla bora duran mahi nom buffalo police
    """.split()
)
"""What English says twice on purpose: in grammar (`had had`), for weight (`very very`), as sound (`knock knock`)."""

_SUBJECTS = frozenset("it this that what who there here he she they we you i thing problem point question".split())
_PARTICLE_VERBS = frozenset(
    """
    add bring build call carry catch check come cut dial dig drop fill fit get give go hand hang hold join keep kick
    let lock log look lean live move opt pass phone pile plug pull push put rely sign sit step stay sum take tie tune
    turn walk work zoom logged signed checked turned moved carried coming going getting logging signing checking
    """.split()
)
ENGLISH_AFTER = {"is": _SUBJECTS, "are": _SUBJECTS, "was": _SUBJECTS, "in": _PARTICLE_VERBS, "on": _PARTICLE_VERBS}
"""What may stand twice behind some words only: `what it is is`, `log in in Paris`."""

ENGLISH_SLIPS = frozenset(
    "a an the of to and or for with at from as it its be been these those not but if in on is are".split()
)
"""Words that are a slip when they stand twice even in capitals, where others are a name: `For For`, not `Duran Duran`."""

SLIPS = {
    "nl": "de een en niet maar ook als wordt worden deze dit".split(),
    "de": "und oder für im ein eine einen einem einer eines nicht auch als".split(),
    "fr": "le les un une des du de et ou dans pour sur avec ce cette ces qui aux mais".split(),
    "es": "el los las un una unos unas de del y o en con se su sus al pero".split(),
    "it": "il lo i gli le un una di del della dei delle e in per con su al".split(),
    "pt": "os as um uma de do dos das e ou em com se ao mas".split(),
    "sv": "och eller en ett av inte som".split(),
    "da": "og eller en et af ikke som".split(),
    "nb": "og eller en et av ikke som".split(),
    "nn": "og eller ein eit av ikkje som".split(),
    "no": "og eller en et av ikke som".split(),
}
"""Words that are a slip when they stand twice, in languages where most others may: `die die`, `nous nous`, `piano
piano`. A language that is not here is left alone: in many, to say a word twice is grammar."""
