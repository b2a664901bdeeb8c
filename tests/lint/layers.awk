# Who may include whom. Input, in this order: lines
#   layer NAME LAYER         the header NAME belongs to LAYER
#   allow FILE NAME          an exception
#   include FILE LINE NAME   what stands in the sources
# Prints a line for each include that breaks the layers, and for each
# exception that nothing needs.

BEGIN {
	may["base"] = " base "
	n = split("auth gmail policy store report", five, " ")
	for (i = 1; i <= n; i++)
		may[five[i]] = " base " five[i] " "
	may["app"] = " base auth gmail policy store report app "
	# Directly only what needs no use case.
	may["cli"] = " base policy store report app cli "
}

function layer_of(file,    parts, name) {
	split(file, parts, "/")
	if (parts[1] != "include")
		return parts[1] == "src" ? parts[2] : parts[1]
	name = file
	sub(/.*\//, "", name)
	return layer[name]
}

$1 == "layer" {
	layer[$2] = $3
}

$1 == "allow" {
	allowed[$2 " " $3] = 1
}

$1 == "include" {
	from = layer_of($2)
	to = layer[$4]
	if (!(from in may)) {
		print $2 ": belongs to no layer"
	} else if (to == "") {
		print $2 ":" $3 ": " $4 " belongs to no layer"
	} else if (index(may[from], " " to " ") == 0) {
		if (($2 " " $4) in allowed)
			used[$2 " " $4] = 1
		else
			print $2 ":" $3 ": " from " includes " $4 ", of " to
	}
}

END {
	for (key in allowed)
		if (!(key in used))
			print "the exception is not needed: " key
}
