# The layers of doc/architecture.md, by what includes what:
#   cli -> app -> { auth gmail policy store report } -> base
# The five never include each other; cli may use policy, store and report.
. "$(dirname "$0")/lint.sh"
plan 9

# Exceptions: the file, the header, and why.
allowed='
src/cli/main.c oauth2_glue.h     starts and ends the libraries with the process, and tells their versions
src/cli/main.c loopback.h        the version of its library
include/sendas/cli.h credentials.h  what --credentials names is handed on to app
src/cli/setup.c credentials_find.h   the same, where none is named
src/base/http.c oauth2_glue.h    random numbers for repeats, and what OpenSSL knows of a certificate
'

# Contracts without a .c of their own name.
contracts='
layer error.h base
layer limits.h base
layer sink.h base
layer ui.h app
layer cli.h cli
'

# A header belongs where the .c of the same name is.
header_layers()
{
	echo "$contracts"
	(cd "$1" && find src auth -name '*.c' | sed -E \
	    's,^(src/)?([a-z]+)/(.*)\.c$,layer \3.h \2,')
}

# A header beside the .c that includes it is of the same layer.
project_includes()
{
	# shellcheck disable=SC2046 # a list of files
	includes_of "$1" $(c_files "$1") |
	    sed -nE 's,^(.*):([0-9]+):"sendas/(.*)"$,include \1 \2 \3,p'
}

check_layers()
{
	{
		header_layers "$1"
		echo "$2" | sed -E '/^$/d; s/^/allow /'
		project_includes "$1"
	} | awk -f "$lint/layers.awk"
}

# "name.h" is a file in the same folder, or config.h: nothing reaches into
# another folder by the compiler's search path.
check_local()
{
	# shellcheck disable=SC2046
	includes_of "$1" $(c_files "$1") | grep -v -e ':"sendas/' -e ':<' |
	while IFS=: read -r file line header; do
		name=$(echo "$header" | tr -d '"')
		test "$name" = config.h ||
		    test -e "$1/$(dirname "$file")/$name" ||
		    echo "$file:$line: $header is in another folder"
	done
}

finds_nothing "the layers are kept" check_layers "$top_srcdir" "$allowed"
finds_nothing "local headers stay in their folder" check_local "$top_srcdir"

new_sample
for file in base/mem gmail/send_as policy/rules app/audit cli/main; do
	echo '#include <stdio.h>' | sample_file "src/$file.c"
done
echo '#include "sendas/rules.h"' | sample_file src/gmail/send_as.c
echo '#include "sendas/audit.h"' | sample_file src/base/mem.c
echo '#include "sendas/send_as.h"' | sample_file src/cli/main.c
echo '#include "sendas/nowhere.h"' | sample_file src/app/audit.c
echo '#include "sendas/audit.h"' | sample_file include/sendas/rules.h
echo '#include "../app/own.h"' | sample_file src/policy/rules.c
finds 'send_as.c:1: gmail includes rules.h, of policy' \
    "gmail that includes policy is found" check_layers "$sample" ''
finds 'mem.c:1: base includes audit.h' \
    "base that includes app is found" check_layers "$sample" ''
finds 'main.c:1: cli includes send_as.h' \
    "cli that reaches past app is found" check_layers "$sample" ''
finds 'nowhere.h belongs to no layer' \
    "a header of no layer is found" check_layers "$sample" ''
finds 'rules.h:1: policy includes audit.h' \
    "a header that breaks the layers is found" check_layers "$sample" ''
finds 'the exception is not needed: src/base/mem.c buf.h' \
    "an exception that nothing needs is found" check_layers "$sample" \
    'src/base/mem.c buf.h why'
finds 'rules.c:1: "../app/own.h" is in another folder' \
    "a header of another folder is found" check_local "$sample"
