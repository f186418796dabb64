"""The categories of podcast directories: Apple's list, which the others follow (podcasters.apple.com, “Apple Podcasts categories”)."""

from __future__ import annotations

from newsletter.config.wellformed import Flaw
from newsletter.suggest import did_you_mean

_OF = {
    "Arts": "Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts",
    "Business": "Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit",
    "Comedy": "Comedy Interviews, Improv, Stand-Up",
    "Education": "Courses, How To, Language Learning, Self-Improvement",
    "Fiction": "Comedy Fiction, Drama, Science Fiction",
    "Government": "",
    "Health & Fitness": "Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality",
    "History": "",
    "Kids & Family": "Education for Kids, Parenting, Pets & Animals, Stories for Kids",
    "Leisure": "Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, Video Games",
    "Music": "Music Commentary, Music History, Music Interviews",
    "News": "Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, Tech News",
    "Religion & Spirituality": "Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality",
    "Science": "Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, Nature, Physics, Social Sciences",
    "Society & Culture": "Documentary, Personal Journals, Philosophy, Places & Travel, Relationships",
    "Sports": "Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, Soccer, Swimming, Tennis, "
    "Volleyball, Wilderness, Wrestling",
    "TV & Film": "After Shows, Film History, Film Interviews, Film Reviews, TV Reviews",
    "Technology": "",
    "True Crime": "",
}
CATEGORIES = tuple(
    path
    for category, within in _OF.items()
    for path in (category, *(f"{category} > {each}" for each in within.split(", ") if each))
)
"""The categories as newsletter.yaml writes them: a category alone, or followed by `>` and a subcategory."""


def category_flaw(value: str) -> Flaw | None:
    """The problem with a podcast category; None for one of CATEGORIES, with any space around its `>`."""
    if category_path(value) in CATEGORIES:
        return None
    fix = did_you_mean(category_path(value), CATEGORIES, f"Write one of {', '.join(_OF)}.")
    return Flaw("is not a podcast category", fix)


def category_path(value: str) -> str:
    """The category with one blank on either side of its `>`."""
    return " > ".join(" ".join(part.split()) for part in value.split(">"))
