dist_doc_DATA = README.md \
	doc/architecture.md \
	doc/data.md \
	doc/dependencies.md \
	doc/doctor.md \
	doc/exit-status.md \
	doc/from.md \
	doc/google-cloud.ja.md \
	doc/google-cloud.md \
	doc/log.md \
	doc/log.schema.json \
	doc/passwords.md \
	doc/performance.md \
	doc/plan-file.md \
	doc/plan-file.schema.json \
	doc/policy.md \
	doc/promises.md \
	doc/policy.schema.json \
	doc/report.md \
	doc/report.schema.json \
	doc/runs.md \
	doc/runs.schema.json \
	doc/users.md
dist_man_MANS = doc/sendas.1
EXTRA_DIST += LICENSE examples/biglobe.json
