import AppAuth
import UIKit

/// A public client in the system's browser (RFC 8252). AppAuth makes state, nonce and PKCE, and checks the ID token.
/// Keep `state` in the Keychain (kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly), archived with NSKeyedArchiver.
final class UnionId: NSObject, OIDAuthStateChangeDelegate {
  private(set) var state: OIDAuthState?
  private var flow: OIDExternalUserAgentSession?
  private let keep: (OIDAuthState?) -> Void

  init(state: OIDAuthState?, keep: @escaping (OIDAuthState?) -> Void) {
    self.state = state
    self.keep = keep
    super.init()
    state?.stateChangeDelegate = self
  }

  /// An error with `OIDErrorCodeOAuth.accessDenied`: she pressed «Отмена», or may not use this app.
  func signIn(from screen: UIViewController, done: @escaping (Error?) -> Void) {
    let issuer = URL(string: "{{issuer}}")!
    OIDAuthorizationService.discoverConfiguration(forIssuer: issuer) { configuration, error in
      guard let configuration else { return done(error) }
      let request = OIDAuthorizationRequest(
        configuration: configuration,
        clientId: "{{client_id}}",
        scopes: "{{scope}}".components(separatedBy: " "),
        redirectURL: URL(string: "{{redirect_uri}}")!,
        responseType: OIDResponseTypeCode,
        additionalParameters: nil
      )
      self.flow = OIDAuthState.authState(byPresenting: request, presenting: screen) { state, error in
        self.become(state)
        done(error)
      }
    }
  }

  /// Refreshes when that is due, one refresh at a time. `invalid_grant`: let her sign in again.
  func withToken(_ use: @escaping (_ accessToken: String) -> Void, signInAgain: @escaping () -> Void) {
    guard let state else { return signInAgain() }
    state.performAction { accessToken, _, error in
      if let accessToken { return use(accessToken) }
      if (error as NSError?)?.domain == OIDOAuthTokenErrorDomain { signInAgain() }
    }
  }

  func signOut(from screen: UIViewController, done: @escaping (Error?) -> Void) {
    guard
      let state, let idToken = state.lastTokenResponse?.idToken,
      let agent = OIDExternalUserAgentIOS(presenting: screen)
    else { return done(nil) }
    let request = OIDEndSessionRequest(
      configuration: state.lastAuthorizationResponse.request.configuration,
      idTokenHint: idToken,
      postLogoutRedirectURL: URL(string: "{{post_logout_redirect_uri}}")!,
      additionalParameters: nil
    )
    become(nil)
    flow = OIDAuthorizationService.present(request, externalUserAgent: agent) { _, error in done(error) }
  }

  /// The old refresh token is spent: the new one is kept before anything else.
  func didChange(_ state: OIDAuthState) { keep(state) }

  private func become(_ state: OIDAuthState?) {
    self.state = state
    state?.stateChangeDelegate = self
    keep(state)
  }
}
