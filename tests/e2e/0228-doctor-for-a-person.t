# doctor for somebody who signs in with a browser: before that, after it, when
# it is over, and when several have; each time with what to type. It changes
# nothing.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
. "$(dirname "$0")/../helpers/hands.sh"
plan 60

person=taro@gmail.com

# looks ARGUMENT...: doctor without --credentials.
looks()
{
	signed_run doctor "$@"
	keep_said
}

users_start "$(user $person taro@sky.ocn.ne.jp)" \
    "$(user hanako@gmail.com hanako@ocn.ne.jp)" --

# A client is there, and nobody has signed in.
looks
status_is 3 "nobody is signed in: exit status 3"
says problem Credentials 'nobody is signed in.*sendas login'
says problem Credentials 'sendas/credentials\.json'
says ok Connection 'connected'
for part in Token Scope Mailbox; do
	says 'not checked' $part 'no credentials'
done
says problem Result 'audit: no; fix: no; 1 problem above'
has_not "$out" "super admin" "nobody is asked for a delegation"
looks --credentials "$client" --mailbox $person
status_is 3 "the client by --credentials: exit status 3"
says problem Credentials "nobody is signed in.*sendas login $person"
requests_are token 0 "no token is asked for"

# One has.
sign_in $person
sign_in_file=$(sign_in_of $person)
before=$(cat "$sign_in_file")
looks
status_is 0 "signed in: exit status 0"
says ok Credentials "$person.*sendas login.*client ID [0-9]+-"
says ok Credentials 'others cannot read it'
says ok Token 'gives one for this sign-in'
says ok Scope 'enough to read'
says ok Mailbox 'taro@gmail\.com answers, with 2 addresses'
says ok Result 'audit: yes; fix: by hand'
has_not "$out" "super admin" "nobody has to delegate anything"
looks --for fix --mailbox TARO@gmail.com
status_is 0 "for fix, with capitals: exit status 0"
says note Result 'fix: by hand.*shows the steps'
is "$(written)" "" "nothing is written"
is "$(cat "$sign_in_file")" "$before" "nor is the sign-in changed"
looks --mailbox hanako@gmail.com
status_is 3 "another mailbox: exit status 3"
says problem Credentials "hanako@gmail.com is not signed in.*sendas login"
says 'not checked' Mailbox .

# What can be wrong with it.
chmod 644 "$sign_in_file"
looks
status_is 3 "others can read it: exit status 3"
says problem Credentials "other users.*chmod 600 $sign_in_file"
chmod 600 "$sign_in_file"
changes $person 'd.faults = {listStatus: {code: 403,
    reason: "accessNotConfigured", message: "Gmail API has not been used in " +
    "project 1234 before or it is disabled."}}'
looks
status_is 3 "the API is not enabled: exit status 3"
says ok Token 'gives one'
says problem Mailbox 'Gmail API.*[Ee]nable'
says problem Result 'audit: no'
changes $person 'delete d.faults; d.refresh = "scopes:userinfo.email"'
looks --for fix
status_is 3 "a scope is missing: exit status 3"
says 'not checked' Token 'permission below'
says problem Scope 'gmail\.settings\.basic.*sendas login'
says problem Result 'audit: no'
has_not "$out" "super admin" "no super admin can help there"
unlike "$out" 'gcloud' "nor another program's sign-in"
changes $person 'd.refresh = "rapt"'
looks
status_is 3 "to sign in again is demanded: exit status 3"
says problem Token 'sendas login'
changes $person 'delete d.refresh'
forget $person
looks
status_is 3 "the access was taken back: exit status 3"
says ok Credentials "$person"
says problem Token "sendas login $person"
says 'not checked' Mailbox .
says problem Result 'audit: no'

# Several have.
sign_in $person
sign_in hanako@gmail.com
looks
status_is 3 "two are signed in, and none is named: exit status 3"
says problem Credentials "hanako@gmail.com, $person"
says problem Credentials 'Give one'
looks --mailbox hanako@gmail.com
status_is 0 "one is named: exit status 0"
says ok Mailbox 'hanako@gmail\.com answers'
looks --mailbox $person
status_is 0 "the other: exit status 0"
says ok Mailbox 'taro@gmail\.com answers'
signed_run logout $person
looks
status_is 0 "one is left: exit status 0"
says ok Mailbox 'hanako@gmail\.com answers'
signed_run logout hanako@gmail.com
looks
status_is 3 "none is left: exit status 3"
says problem Credentials 'nobody is signed in.*sendas login'
is "$(written)" "" "in all this nothing was written"

has_no_secret
