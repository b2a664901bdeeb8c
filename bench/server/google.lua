-- SPDX-License-Identifier: Apache-2.0
--
-- The token endpoint and sendAs.list as fast as nginx can: nothing is checked
-- and nothing is kept. Whom the answer is about travels from the assertion
-- through the access token to the list, since sendas refuses the list of
-- another mailbox. For what Google really does, see tests/sim.
local base64 = require("ngx.base64")

local google = { delay = 0 } -- seconds before each answer

-- As long as Google's access tokens are, about 220 characters.
local PAD = string.rep("x", 180)

-- `pieces` is a text, or a list of them.
local function answer(pieces)
	if google.delay > 0 then
		ngx.sleep(google.delay)
	end
	ngx.header.content_type = "application/json; charset=UTF-8"
	ngx.print(pieces)
end

-- 400 is no try again: a bench that sends nonsense should end.
local function refuse(why)
	ngx.status = 400
	answer('{"error": "invalid_grant", "error_description": "' .. why ..
		'"}\n')
end

-- The body is read first: nginx would reset the stream of a request that it
-- answers before.
function google.token()
	ngx.req.read_body()
	local assertion = ngx.req.get_post_args().assertion
	local claims = type(assertion) == "string" and
		assertion:match("^[^.]+%.([^.]+)%.[^.]+$")
	local subject = claims and (base64.decode_base64url(claims) or "")
		:match('"sub"%s*:%s*"([^"]+)"')
	if not subject then
		return refuse("no subject")
	end
	answer({ '{"access_token":"ya29.', base64.encode_base64url(subject),
		".", PAD, '","expires_in":3599,"token_type":"Bearer"}\n' })
end

-- Five addresses, in Google's layout: the mailbox itself, an OCN address that
-- is right, one with two mistakes, a look-alike, and another provider's. @ME@
-- is the mailbox, @NAME@ what stands before its @.
local LIST = [[
{
  "sendAs": [
    {
      "sendAsEmail": "@ME@",
      "displayName": "山田 太郎",
      "replyToAddress": "",
      "isPrimary": true,
      "isDefault": true
    },
    {
      "sendAsEmail": "@NAME@@ocn.ne.jp",
      "displayName": "山田 太郎",
      "replyToAddress": "",
      "isDefault": false,
      "treatAsAlias": false,
      "smtpMsa": {
        "host": "smtp.ocn.ne.jp",
        "port": 587,
        "securityMode": "starttls"
      },
      "verificationStatus": "accepted"
    },
    {
      "sendAsEmail": "@NAME@@sky.ocn.ne.jp",
      "displayName": "山田 太郎 (仕事用、請求書はこちらへ)",
      "replyToAddress": "",
      "isDefault": false,
      "treatAsAlias": true,
      "smtpMsa": {
        "host": "smtp.ocn.ne.jp",
        "port": 25,
        "securityMode": "none"
      },
      "verificationStatus": "accepted"
    },
    {
      "sendAsEmail": "@NAME@@ocn.ne.jp.example.net",
      "displayName": "山田 太郎 (旧)",
      "replyToAddress": "",
      "isDefault": false,
      "treatAsAlias": true,
      "smtpMsa": {
        "host": "smtp.ocn.ne.jp.example.net",
        "port": 587,
        "securityMode": "starttls"
      },
      "verificationStatus": "pending"
    },
    {
      "sendAsEmail": "@NAME@@example.org",
      "displayName": "Taro Yamada, Example Organisation",
      "replyToAddress": "@ME@",
      "isDefault": false,
      "treatAsAlias": true,
      "smtpMsa": {
        "host": "smtp.example.org",
        "port": 465,
        "securityMode": "ssl"
      },
      "verificationStatus": "accepted"
    }
  ]
}
]]

-- LIST in pieces, to be filled in without a search: each is a text, or a
-- number, 1 for the mailbox and 2 for the name.
local pieces = {}
for text, mark in LIST:gmatch("(.-)@(%u+)@") do
	pieces[#pieces + 1] = text
	pieces[#pieces + 1] = mark == "ME" and 1 or 2
end
pieces[#pieces + 1] = LIST:match(".*@%u+@(.*)$")

function google.list()
	local bearer = ngx.var.http_authorization or ""
	local token = bearer:match("^Bearer ya29%.([%w_-]+)%.")
	local subject = token and base64.decode_base64url(token) or ""
	local at = subject:find("@", 1, true)
	if not at then
		ngx.status = 401
		return answer('{"error": {"code": 401, "message": "x"}}')
	end
	local filled, with = {}, { subject, subject:sub(1, at - 1) }
	for i = 1, #pieces do
		filled[i] = with[pieces[i]] or pieces[i]
	end
	answer(filled)
end

return google
