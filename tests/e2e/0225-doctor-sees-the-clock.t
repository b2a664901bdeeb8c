# doctor and the clock: some seconds are nothing, a minute is worth a word,
# five are a problem, even where Google still gives a token.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 22

# clock OFFSET [OPTION...]
clock()
{
	clock_offset=$1
	shift
	sim_start --demo --clock-offset="$clock_offset" "$@"
	doctor --mailbox taro@example.com
}
clock 7200
status_is 3 "two hours behind: no token, exit status 3"
says problem Clock "(7199|720[0-9]) seconds behind.*timedatectl set-ntp true"
says problem Token 'clock of this machine is wrong'
says problem Result '2 problems above'
clock -7200
status_is 3 "two hours ahead: no token, exit status 3"
says problem Clock '(719[0-9]|7200|7201) seconds ahead'
says problem Token 'clock of this machine is wrong'
clock 400
status_is 4 "a token, and the clock is wrong: exit status 4"
says problem Clock '(400|399) seconds behind'
says ok Mailbox 'taro@example\.com answers'
says note Result 'audit: yes.*1 problem above can still get in the way'
clock 120
status_is 0 "two minutes: exit status 0"
says note Clock '(120|119) seconds behind'
says ok Result 'audit: yes'
clock 20
says ok Clock '(20|19) seconds behind'
# A slow answer is no wrong clock.
clock 0 --delay 2000
says ok Clock "agrees with Google's"
clock 0 --no-date
status_is 0 "no time in the answer: exit status 0"
says 'not checked' Clock 'does not say'

# A person's token does not depend on it, but it is told.
sim_start --demo --clock-offset=7200
doctor_as "$sim_state/tokens/yumi%40example.jp"
status_is 4 "a person, two hours behind: exit status 4"
says problem Clock 'seconds behind'
has_no_secret
