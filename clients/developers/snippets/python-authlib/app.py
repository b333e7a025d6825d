import os
import secrets
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError
from flask import Flask, jsonify, redirect, request, session

REDIRECT_URI = "{{redirect_uri}}"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

app = Flask(__name__)
app.secret_key = os.environ["SESSION_SECRET"]
app.config.update(
    SESSION_COOKIE_NAME="app_session",
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE=REDIRECT_URI.startswith("https:"),
)

union_id = OAuth(app).register(
    "union_id",
    client_id="{{client_id}}",
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url="{{issuer}}/.well-known/openid-configuration",
    client_kwargs={"scope": "{{scope}}", "code_challenge_method": "S256"},
)

# Flask keeps a session in the cookie; tokens stay here. In production: a store that all processes share.
signed_in = {}


def person():
    return signed_in.get(session.get("id"))


def forget():
    signed_in.pop(session.get("id"), None)
    session.clear()


@app.get("/")
def index():
    who = person()
    if who is None:
        return '<a href="/login">Sign in</a>'
    return jsonify({key: who[key] for key in ("iss", "sub", "name")})


@app.get("/login")
def login():
    return union_id.authorize_redirect(REDIRECT_URI)  # state, nonce and PKCE by itself


@app.get(urlsplit(REDIRECT_URI).path)
def callback():
    try:
        token = union_id.authorize_access_token()  # verifies the ID token
    except OAuthError as refused:
        # access_denied: she pressed «Отмена», or may not use this application
        return jsonify(error=refused.error), 400
    claims = token["userinfo"]  # of the ID token
    profile = union_id.userinfo(token=token)
    if profile["sub"] != claims["sub"]:  # OpenID Connect Core 1.0 §5.3.2
        return jsonify(error="another_person"), 400
    forget()
    session["id"] = secrets.token_urlsafe(32)
    # A person is `iss` and `sub` together, never an e-mail address.
    signed_in[session["id"]] = {
        "iss": claims["iss"],
        "sub": claims["sub"],
        "sid": claims["sid"],
        "name": profile.get("name"),
        "token": token,
    }
    return redirect("/")


@app.post("/refresh")
def refresh():
    who = person()
    if who is None:
        return redirect("/login", 303)
    try:
        # The old refresh token is spent: keep the new one before anything else.
        who["token"] = union_id.fetch_access_token(
            grant_type="refresh_token", refresh_token=who["token"]["refresh_token"]
        )
    except OAuthError as refused:
        if refused.error != "invalid_grant":
            raise
        forget()  # over: let her sign in again
        return redirect("/login", 303)
    return "", 204


@app.post("/logout")
def logout():
    who = person()
    forget()
    asked = {
        "client_id": union_id.client_id,
        "post_logout_redirect_uri": "{{post_logout_redirect_uri}}",
    }
    if who is not None:
        asked["id_token_hint"] = who["token"]["id_token"]
    end = union_id.load_server_metadata()["end_session_endpoint"]
    return redirect(f"{end}?{urlencode(asked)}", 303)


@app.post("/backchannel-logout")
def backchannel_logout():
    """She has signed out elsewhere (OpenID Connect Back-Channel Logout 1.0 §2.6)."""
    op = union_id.load_server_metadata()
    keys = JsonWebKey.import_key_set(union_id.fetch_jwk_set(force=True))
    try:
        claims = JsonWebToken(op["id_token_signing_alg_values_supported"]).decode(
            request.form.get("logout_token", ""),
            key=lambda header, _: keys.find_by_kid(header.get("kid")),
            claims_options={
                "iss": {"essential": True, "value": op["issuer"]},
                "aud": {"essential": True, "value": union_id.client_id},
                "exp": {"essential": True},
                "jti": {"essential": True},
                "sid": {"essential": True},
            },
        )
        claims.validate(leeway=60)
    except (JoseError, ValueError):
        return "", 400
    if claims.header.get("typ") != "logout+jwt" or "nonce" in claims:
        return "", 400
    if LOGOUT_EVENT not in claims.get("events", {}):
        return "", 400
    for key in [key for key, who in signed_in.items() if who["sid"] == claims["sid"]]:
        del signed_in[key]
    return "", 200, {"Cache-Control": "no-store"}


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "{{port}}")))
