plugins {
  id("com.android.application")
  kotlin("android")
}

android {
  defaultConfig {
    // The scheme of the redirect address, if it is not an https one claimed by the app.
    manifestPlaceholders["appAuthRedirectScheme"] = "{{redirect_uri}}".substringBefore(":")
  }
}

dependencies {
  implementation("net.openid:appauth:0.11.1")
}
