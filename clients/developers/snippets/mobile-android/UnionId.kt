import android.content.Context
import android.content.Intent
import android.net.Uri
import net.openid.appauth.AuthState
import net.openid.appauth.AuthorizationException
import net.openid.appauth.AuthorizationRequest
import net.openid.appauth.AuthorizationResponse
import net.openid.appauth.AuthorizationService
import net.openid.appauth.AuthorizationServiceConfiguration
import net.openid.appauth.EndSessionRequest
import net.openid.appauth.ResponseTypeValues

/** A public client in the system's browser (RFC 8252). AppAuth makes state, nonce and PKCE, and checks the ID token. */
class UnionId(context: Context, private val store: Store) {
  /** Where the state lies between two starts: encrypted by a key of the Android Keystore, out of backups. */
  interface Store {
    fun load(): String?
    fun save(state: String?)
  }

  private val service = AuthorizationService(context)
  private var state = store.load()?.let(AuthState::jsonDeserialize) ?: AuthState()

  /** A person is `iss` and `sub` together, never an e-mail address. */
  val person: Pair<String, String>?
    get() = state.parsedIdToken?.let { it.issuer to it.subject }

  /** To be started for its result, which goes to [finish]. */
  fun signIn(start: (Intent) -> Unit, failed: (Exception) -> Unit) =
    AuthorizationServiceConfiguration.fetchFromIssuer(Uri.parse("{{issuer}}")) { configuration, error ->
      if (configuration == null) return@fetchFromIssuer failed(error!!)
      val request =
        AuthorizationRequest.Builder(
            configuration,
            "{{client_id}}",
            ResponseTypeValues.CODE,
            Uri.parse("{{redirect_uri}}"),
          )
          .setScope("{{scope}}")
          .build()
      start(service.getAuthorizationRequestIntent(request))
    }

  /** `error.error` is `access_denied` when she pressed «Отмена», or may not use this app. */
  fun finish(result: Intent, done: (AuthorizationException?) -> Unit) {
    val response = AuthorizationResponse.fromIntent(result)
    state.update(response, AuthorizationException.fromIntent(result))
    if (response == null) return done(state.authorizationException)
    service.performTokenRequest(response.createTokenExchangeRequest()) { tokens, error ->
      state.update(tokens, error)
      keep()
      done(error)
    }
  }

  /** Refreshes when that is due, one refresh at a time. `invalid_grant`: let her sign in again. */
  fun withToken(use: (accessToken: String) -> Unit, signInAgain: () -> Unit) =
    state.performActionWithFreshTokens(service) { accessToken, _, error ->
      keep() // the old refresh token is spent
      if (accessToken != null) return@performActionWithFreshTokens use(accessToken)
      if (error?.type == AuthorizationException.TYPE_OAUTH_TOKEN_ERROR) signInAgain()
    }

  /** To be started for its result. */
  fun signOut(): Intent {
    val request =
      EndSessionRequest.Builder(state.authorizationServiceConfiguration!!)
        .setIdTokenHint(state.idToken)
        .setPostLogoutRedirectUri(Uri.parse("{{post_logout_redirect_uri}}"))
        .build()
    state = AuthState()
    store.save(null)
    return service.getEndSessionRequestIntent(request)
  }

  private fun keep() = store.save(state.jsonSerializeString())
}
