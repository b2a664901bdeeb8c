# explain - in a terminal: a prompt, a paste that an empty line ends, also one
# that has empty lines in it, and nothing of it is left for the shell.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 19
run_limit_sec=20

# paste [REGEX ANSWER]...
paste()
{
	begin_run
	run_command="(pasted) explain -"
	clean_env expect -N -n -f "$helpers/pty.exp" "$run_limit_sec" "$tty" \
	    - - "$@" -- "$sendas" explain - || status=$?
	note_sanitizer
}

# explained [REGEX ANSWER]...: one after which the questions are offered.
explained()
{
	paste "$@" '/ n\] $' n
}

explained '> ' '553 5.7.1 x: Relay access denied (E041)' '> ' ''
status_is 0 "one line, and an empty one: exit status 0"
like "$tty" 'Paste the error' "it says what to paste"
like "$tty" 'Treat as an alias' "it is explained"

explained '> ' 'Message not delivered

The response was:

553 5.7.1 x: Relay access denied (E041)

Reporting-MTA: dns; gmail.com' '> ' ''
status_is 0 "a paste with empty lines: exit status 0"
like "$tty" 'Treat as an alias' "... is read whole"
explained '> ' '535 5.7.8

'
status_is 0 "a paste that ends in empty lines ends by itself"

explained '> ' 'リレーアクセスが拒否されました(Ｅ０４１)' '> ' ''
status_is 0 "full-width: exit status 0"

explained '> ' '535 5.7.8' '> ' ^D
status_is 0 "Ctrl-D ends a paste too: exit status 0"
like "$tty" 'user name or the password' "... and it is explained"

paste '> ' ''
status_is 5 "nothing at all: exit status 5"
like "$tty" 'nothing was pasted' "... and it says so"
paste '> ' ^D
status_is 5 "Ctrl-D at once: exit status 5"
explained '> ' 'hello' '> ' ''
status_is 1 "not known: exit status 1"
paste '> ' ^C
status_is 130 "Ctrl-C: exit status 130"
paste '> ' '535 5.7.8' '> ' ^C
status_is 130 "Ctrl-C in the middle: exit status 130"
unlike "$tty" '^Meaning' "... explains nothing"

# Yes to the offer leads to the questions.
paste '> ' '553 E041' '> ' '' '/ n\] $' '' 'answer: $' q
status_is 1 "the questions, given up: exit status 1"
like "$tty" 'Which OCN address' "... they were asked"

# Nobody to ask, and standard input is no terminal: that is the paste.
printf '535 5.7.8' >"$work/bounce"
input=$work/bounce
run "$sendas" explain -
status_is 0 "without a terminal standard input is the paste"
