# doctor where the domain has not granted what is needed: which scope, and
# lines for a super admin with all values and what they allow.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 28
basic=https://www.googleapis.com/auth/gmail.settings.basic
sharing=https://www.googleapis.com/auth/gmail.settings.sharing
page="https://admin.google.com/ac/owl/domainwidedelegation?clientScopeToAdd="
encoded=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.settings

sim_start --demo --delegated-scopes gmail.readonly
client_id=$(json "$sim_key" d.client_id)
email=$(json "$sim_key" d.client_email)
doctor --mailbox taro@example.com
status_is 3 "not granted: exit status 3"
says 'not checked' Token 'none without the scope below'
says problem Scope "$basic: the domain has not granted it.*super admin"
says 'not checked' Mailbox .
says problem Result 'audit: no; fix: no; 1 problem above'
like "$out" '^For a super admin of the domain:$' "the lines to hand on"
like "$out" "^  Service account: $email\$" "the service account"
like "$out" "^  Client ID: $client_id\$" "the client ID"
like "$out" "^  Scopes: $basic\$" "the scope, and no other"
is "$(sed -n 's/^ *\(https:..admin.*\)/\1/p' "$out")" \
    "$page$encoded.basic&clientIdToAdd=$client_id&overwriteClientId=true" \
    "the page, filled in, on a line of its own"
has "$out" "takes up to 24 hours" "how long it takes"
has "$out" "must be added again" "what the page would take away"
has "$out" "cannot be confined to an organisational unit" "how far it goes"
has "$out" "it can write settings in every mailbox, though sendas audit never" \
    "and what it allows"
has_not "$out" sharing "not a word of what is not needed"
requests_are list 1 "the API was asked without a token alone"

doctor --mailbox taro@example.com --verbose
status_is 3 "--verbose: exit status 3"
says problem Scope 'unauthorized_client: Client is unauthorized'

doctor --mailbox taro@example.com --for fix
says problem Scope "$basic: the domain has not granted it"
says note Scope "$sharing: not granted; wanted only if Google asks"
like "$out" "^  Scopes: $basic\$" "for fix: the same scope is asked for"

# What is there is not to be taken away by the page.
sim_start --demo --delegated-scopes gmail.settings.sharing
doctor --mailbox taro@example.com --for fix
status_is 3 "the other scope alone: exit status 3"
says ok Scope "$sharing: granted"
like "$out" "^  $basic,$sharing\$" "both are asked for"
sim_start --demo --delegated-scopes "gmail.settings.basic,gmail.settings.sharing"
doctor --mailbox taro@example.com --for fix
status_is 0 "both are granted: exit status 0"
says ok Scope "$sharing: granted"

has_no_secret
