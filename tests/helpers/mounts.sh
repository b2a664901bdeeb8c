# shellcheck shell=sh
# Lets a test mount something that nobody else sees, such as a folder that is
# full or read-only: it begins again in a namespace of its own. To be sourced
# before all else. SENDAS_OWN_MOUNTS says whether it could be had.
if test -z "${SENDAS_OWN_MOUNTS-}"; then
	SENDAS_OWN_MOUNTS=no
	export SENDAS_OWN_MOUNTS
	for how in -m -rm; do
		# shellcheck disable=SC2093 # else without
		unshare "$how" true 2>/dev/null && SENDAS_OWN_MOUNTS=yes exec \
		    unshare "$how" sh "$0"
	done
fi

# Takes the system's issuers away, where that can be: in a build with sanitizers
# reading them is most of what a short run does. For tests that run the program
# very often, and trust what --ca-file has.
without_issuers()
{
	test "$SENDAS_OWN_MOUNTS" = no ||
	    mount --bind /dev/null /etc/ssl/certs/ca-certificates.crt 2>/dev/null
}
