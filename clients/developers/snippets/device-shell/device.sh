#!/bin/sh
# Needs curl and jq. Tokens go through standard input, where no other process of the machine sees them.
set -eu
client_id='{{client_id}}'

metadata=$(curl -sSf '{{issuer}}/.well-known/openid-configuration')
endpoint() { printf '%s' "$metadata" | jq -ej ".$1"; }
token() { curl -sS "$(endpoint token_endpoint)" --data-urlencode "client_id=$client_id" "$@"; }

asked=$(curl -sSf "$(endpoint device_authorization_endpoint)" \
  --data-urlencode "client_id=$client_id" --data-urlencode 'scope={{scope}}')
field() { printf '%s' "$asked" | jq -ej ".$1"; }
echo "Откройте $(field verification_uri) и введите код $(field user_code)"
echo "$(field verification_uri_complete)"

interval=$(printf '%s' "$asked" | jq -r '.interval // 5')
while :; do
  sleep "$interval"
  tokens=$(field device_code | token --data-urlencode device_code@- \
    -d grant_type=urn:ietf:params:oauth:grant-type:device_code)
  case $(printf '%s' "$tokens" | jq -r '.error // "none"') in
    none) break ;;
    authorization_pending) ;;
    slow_down) interval=$((interval + 5)) ;;
    *) printf '%s\n' "$tokens" >&2; exit 1 ;; # access_denied, expired_token: begin again
  esac
done

printf '%s' "$tokens" | jq -j '"header = \"Authorization: Bearer \(.access_token)\""' |
  curl -sSf -K - "$(endpoint userinfo_endpoint)"
echo

# Later. The old refresh token is spent: keep the new one before anything else.
tokens=$(printf '%s' "$tokens" | jq -j .refresh_token |
  token -f -d grant_type=refresh_token --data-urlencode refresh_token@-)
echo refreshed

# «Выйти» at a device that has no browser: the whole family of tokens ends.
printf '%s' "$tokens" | jq -j .refresh_token |
  curl -sSf "$(endpoint revocation_endpoint)" --data-urlencode "client_id=$client_id" --data-urlencode token@-
echo 'signed out'
