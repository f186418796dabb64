#!/bin/sh
# What CI does with a publication, on any machine with git and the tool: sh newsletter-ci.sh review|push
#
#   review   checks what has changed since $SINCE, and writes into $OUT: review.md, the comment for the pull request, and preview/,
#            the letters as readers will see them. It ends as `newsletter check` does.
#   push     makes each issue that has changed since $SINCE, and is no draft, a draft at $SERVICE. It never sends.
#
#   SINCE    a branch or commit; without it, all issues
#   OUT      a folder; without it, newsletter-ci
#   PREVIEW  the address under which preview/ will be found, for the comment; may be empty
#   SERVICE  a mailing service: its key is in NEWSLETTER_<SERVICE>_KEY
#   FORMAT   of the findings: github, full, concise, json or sarif; without it, full
#   STRICT   `true` where warnings count, too
set -eu

since=${SINCE:-}
out=${OUT:-newsletter-ci}

review() {
    mkdir -p "$out"
    if [ -n "$since" ]; then newsletter review --since "$since" --preview "${PREVIEW:-}" >"$out/review.md"
    else newsletter review --preview "${PREVIEW:-}" >"$out/review.md"; fi
    newsletter preview --export "$out/preview" >"$out/preview.log" 2>&1 || cat "$out/preview.log" >&2
    if [ "${STRICT:-}" = true ]; then newsletter check --strict --output-format "${FORMAT:-full}"
    else newsletter check --output-format "${FORMAT:-full}"; fi
}

push() {
    : "${SERVICE:?say which mailing service}"
    if [ -n "$since" ]; then names=$(newsletter review --since "$since" --names)
    else names=$(newsletter review --names); fi
    failed=0
    # A name has no line break in it.
    printf '%s\n' "$names" | {
        while IFS= read -r name; do
            [ -n "$name" ] || continue
            newsletter push "$name" --to "$SERVICE" --yes || failed=$?
        done
        exit "$failed"
    }
}

case ${1:-} in
    review) review ;;
    push) push ;;
    *) sed -n '2,15s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
