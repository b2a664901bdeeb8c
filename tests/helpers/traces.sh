# shellcheck shell=sh
# Looks for secrets wherever a program may leave them, in every form, with
# traces.js. To be sourced after tap.sh and sim.sh.

# Whether this build can be stopped at a point.
has_fault_points()
{
	grep -q SENDAS_FAULT_STOPS "$top_builddir/sendas"
}

# secret NAME TEXT: from now on it is looked for.
secret()
{
	mkdir -p "$work/secrets"
	printf '%s' "$2" >"$work/secrets/$1"
}

# A password whose forms all differ, and which is so long that nothing that is
# written over its beginning later covers all of it.
long_password()
{
	node -p '"Kx7\"q\\Zé w9" + require("crypto")
		.createHash("shake256", { outputLength: 300 })
		.update("sendas").digest("base64")'
}

# secret_key FILE: the same for the private key of a service account.
secret_key()
{
	node -e '
		const { createPrivateKey } = require("crypto");
		const fs = require("fs");
		const [file, out] = process.argv.slice(1);
		const key = createPrivateKey(
			JSON.parse(fs.readFileSync(file)).private_key);
		const der = key.export({ type: "pkcs8", format: "der" });
		/* What stands before it is no secret. */
		const d = Buffer.from(key.export({ format: "jwk" }).d,
			"base64url");
		fs.writeFileSync(out, der.subarray(der.indexOf(d)));' \
	    "$1" "$(mkdir -p "$work/secrets" && echo "$work/secrets/key")"
}

# traces_in PLACE...: true when a secret is there, 1 when none is, 2 when that
# cannot be seen; the places are those of traces.js. What was found is in
# $work/traces.
traces_in()
{
	node "$helpers/traces.js" "$work/secrets" "$@" >"$work/traces" 2>&1
}

# is_clean STATUS NAME: of traces_in.
is_clean()
{
	if test "$1" -eq 1; then
		pass "$2"
	else
		fail "$2" "$(head -n 20 "$work/traces")"
	fi
}

# no_trace NAME PLACE...: none of the secrets is there.
no_trace()
{
	no_trace_name=$1
	shift
	traces_in "$@"
	is_clean "$?" "$no_trace_name"
}

# keeps_secret NAME: of the last run, which said something.
keeps_secret()
{
	cat "$out" "$err" "$tty" >"$work/said"
	ok "$1: something is said" test -s "$work/said"
	no_trace "$1: and no secret" "$work/said"
}

# From now on runs of sendas leave their number in $work/pid.
note_pids()
{
	mkdir -p "$work/noted"
	cat >"$work/noted/sendas" <<NOTED
#!/bin/sh
echo \$\$ >"$work/pid.new" && mv "$work/pid.new" "$work/pid"
exec "$sendas" "\$@"
NOTED
	chmod +x "$work/noted/sendas"
	sendas=$work/noted/sendas
}

# is_stopped: for watched.
is_stopped()
{
	grep -q '^State:.T' "/proc/$pid/status"
}

# begun_when WHEN: there is a process, and WHEN is true of it.
begun_when()
{
	test -s "$work/pid" && pid=$(cat "$work/pid") && "$1"
}

# look_at PLACE...: traces_in, with the places of watched.
look_at()
{
	for place in "$@"; do
		shift
		case $place in
		memory | shown | open) place=$place:$pid ;;
		esac
		set -- "$@" "$place"
	done
	traces_in "$@"
}

# watched WHEN PLACES COMMAND...: runs the command as it is. As soon as WHEN is
# true of the process $pid, this is stopped, looked at, and goes on. PLACES are
# those of traces.js, where memory, shown and open are the process's own. What
# was found is in $work/traces afterwards, and the status of traces_in in
# $work/looked. Only after note_pids.
watched()
{
	watched_when=$1
	watched_places=$2
	shift 2
	rm -f "$work/pid" "$work/looked" "$work/traces"
	(
		wait_for 30 begun_when "$watched_when" || exit 1
		pid=$(cat "$work/pid")
		kill -STOP "$pid"
		# shellcheck disable=SC2086 # words
		look_at $watched_places
		echo $? >"$work/looked"
		kill -CONT "$pid"
	) &
	watcher=$!
	"$@"
	wait "$watcher"
}

# stopped_at POINT PLACES COMMAND...: the same, when it comes to a fault point.
stopped_at()
{
	stopped_env=${test_env:-}
	test_env="$stopped_env SENDAS_FAULT_STOPS=1 SENDAS_FAULT_POINT=$1"
	shift
	watched "${stopped_when:-is_stopped}" "$@"
	test_env=$stopped_env
}

# may_look: whether the process could be looked at: without sanitizers sendas
# lets nobody but root do that.
may_look()
{
	! grep -q -e '^cannot look: EACCES' -e '^cannot look: EPERM' \
	    "$work/traces"
}

# was_clean NAME: of what was watched.
was_clean()
{
	if test ! -s "$work/looked"; then
		fail "$1" "it was never looked at"
	elif may_look; then
		is_clean "$(cat "$work/looked")" "$1"
	else
		skip 1 "the running program cannot be looked at here"
	fi
}

# Skips the test where what a program has in its memory cannot be seen. After
# note_pids, and with a secret.
needs_memory()
{
	has_fault_points || skip_all "built without --enable-fault-points"
	stopped_at main.end memory run "$sendas" --version
	may_look || skip_all "the running program cannot be looked at here"
}
