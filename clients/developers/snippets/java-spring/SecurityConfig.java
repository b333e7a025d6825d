import static org.springframework.security.config.Customizer.withDefaults;

import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Spring Security ≥ 6.2. Sign-in begins at /oauth2/authorization/union-id, sign-out is POST /logout, back-channel logout
 * comes to /logout/connect/back-channel/union-id. `OAuth2AuthorizedClientManager` refreshes by itself.
 */
@Configuration
class SecurityConfig {
  @Bean
  SecurityFilterChain filters(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
    // A confidential client does PKCE only when it is told to.
    var requests =
        new DefaultOAuth2AuthorizationRequestResolver(
            clients, OAuth2AuthorizationRequestRedirectFilter.DEFAULT_AUTHORIZATION_REQUEST_BASE_URI);
    requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());

    var signOut = new OidcClientInitiatedLogoutSuccessHandler(clients);
    signOut.setPostLogoutRedirectUri("{{post_logout_redirect_uri}}");

    return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
        .oauth2Login(
            login ->
                login
                    .authorizationEndpoint(to -> to.authorizationRequestResolver(requests))
                    .redirectionEndpoint(at -> at.baseUri(URI.create("{{redirect_uri}}").getPath())))
        .logout(logout -> logout.logoutSuccessHandler(signOut))
        .oidcLogout(logout -> logout.backChannel(withDefaults()))
        .build();
  }
}
