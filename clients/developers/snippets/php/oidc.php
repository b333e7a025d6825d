<?php
declare(strict_types=1);

/**
 * A relying party with PHP's own means (ext-openssl, ext-json): authorization code with PKCE, state and nonce, refresh,
 * sign-out. Of an ID or logout token it checks the RS256 signature by the issuer's published key, iss, aud, azp, exp,
 * iat, nonce or its absence, and the type; of an answer the state and iss (RFC 9207). Begin a session before you use it.
 */
final class UnionId
{
    private const LEEWAY = 60;
    private const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

    /** @param string $directory a private one, outside the web root: what the issuer publishes, who is signed in */
    public function __construct(
        private readonly string $issuer,
        private readonly string $clientId,
        private readonly string $clientSecret,
        private readonly string $redirectUri,
        private readonly string $directory,
    ) {
        is_dir($directory) || mkdir($directory, 0700, true);
    }

    /** Where to send the browser. */
    public function begin(string $scope): string
    {
        $checks = ['state' => self::random(), 'nonce' => self::random(), 'verifier' => self::random()];
        $_SESSION['union_id_checks'] = $checks;
        return $this->published()['authorization_endpoint'] . '?' . http_build_query([
            'client_id' => $this->clientId,
            'response_type' => 'code',
            'redirect_uri' => $this->redirectUri,
            'scope' => $scope,
            'state' => $checks['state'],
            'nonce' => $checks['nonce'],
            'code_challenge' => self::encode(hash('sha256', $checks['verifier'], true)),
            'code_challenge_method' => 'S256',
        ]);
    }

    /** The query of the callback → `claims` of the ID token, `profile` and `tokens`. */
    public function finish(array $query): array
    {
        $checks = $_SESSION['union_id_checks'] ?? null;
        unset($_SESSION['union_id_checks']);
        if ($checks === null || !hash_equals($checks['state'], (string) ($query['state'] ?? ''))) {
            throw new UnionIdRefusal('invalid_state');
        }
        if (($query['iss'] ?? null) !== $this->published()['issuer']) {
            throw new UnionIdRefusal('invalid_issuer');
        }
        if (isset($query['error'])) {
            throw new UnionIdRefusal((string) $query['error']);
        }
        $tokens = $this->token([
            'grant_type' => 'authorization_code',
            'code' => (string) ($query['code'] ?? ''),
            'redirect_uri' => $this->redirectUri,
            'code_verifier' => $checks['verifier'],
        ]);
        $claims = $this->verify($tokens['id_token'] ?? '');
        if (!hash_equals($checks['nonce'], (string) ($claims['nonce'] ?? ''))) {
            throw new UnionIdRefusal('invalid_nonce');
        }
        $bearer = ['Authorization: Bearer ' . $tokens['access_token']];
        $profile = self::fetch($this->published()['userinfo_endpoint'], $bearer);
        // OpenID Connect Core 1.0 §5.3.2
        if (($profile['sub'] ?? null) !== $claims['sub']) {
            throw new UnionIdRefusal('another_person');
        }
        return ['claims' => $claims, 'profile' => $profile, 'tokens' => $tokens];
    }

    /** The old refresh token is spent: keep the new one before anything else. `invalid_grant`: sign in again. */
    public function refresh(string $refreshToken): array
    {
        return $this->token(['grant_type' => 'refresh_token', 'refresh_token' => $refreshToken]);
    }

    /** Where to send the browser to sign out at the gateway. */
    public function endSessionUrl(?string $idToken, string $postLogoutRedirectUri): string
    {
        return $this->published()['end_session_endpoint'] . '?' . http_build_query([
            'client_id' => $this->clientId,
            'id_token_hint' => $idToken,
            'post_logout_redirect_uri' => $postLogoutRedirectUri,
        ]);
    }

    /** Remembers which of PHP's sessions lives by which of the gateway's. */
    public function remember(string $sid): void
    {
        file_put_contents($this->sessionFile($sid), session_id());
    }

    /** The body of a back-channel logout: ends that session (OpenID Connect Back-Channel Logout 1.0 §2.6). */
    public function endSession(array $post): void
    {
        $claims = $this->verify((string) ($post['logout_token'] ?? ''), 'logout+jwt');
        $event = $claims['events'][self::LOGOUT_EVENT] ?? null;
        if (!is_array($event) || isset($claims['nonce']) || !isset($claims['jti'], $claims['sid'])) {
            throw new UnionIdRefusal('invalid_token');
        }
        $file = $this->sessionFile($claims['sid']);
        if (!is_file($file)) {
            return;
        }
        session_id((string) file_get_contents($file));
        session_start();
        session_destroy();
        unlink($file);
    }

    private function sessionFile(string $sid): string
    {
        return "$this->directory/session-" . hash('sha256', $sid);
    }

    private function token(array $parameters): array
    {
        $secret = base64_encode(rawurlencode($this->clientId) . ':' . rawurlencode($this->clientSecret));
        return self::fetch($this->published()['token_endpoint'], ["Authorization: Basic $secret"], $parameters);
    }

    private function verify(string $jwt, ?string $type = null): array
    {
        $parts = explode('.', $jwt);
        $header = json_decode(self::decode($parts[0]), true);
        if (count($parts) !== 3 || ($header['alg'] ?? null) !== 'RS256') {
            throw new UnionIdRefusal('invalid_token');
        }
        $key = $this->key((string) ($header['kid'] ?? ''));
        $signed = openssl_verify("$parts[0].$parts[1]", self::decode($parts[2]), $key, OPENSSL_ALGO_SHA256);
        $claims = json_decode(self::decode($parts[1]), true);
        $isValid = $signed === 1
            && is_array($claims)
            && ($type === null || ($header['typ'] ?? null) === $type)
            && ($claims['iss'] ?? null) === $this->published()['issuer']
            && ($claims['aud'] ?? null) === $this->clientId
            && ($claims['azp'] ?? $this->clientId) === $this->clientId
            && ($claims['exp'] ?? 0) > time() - self::LEEWAY
            && ($claims['iat'] ?? PHP_INT_MAX) < time() + self::LEEWAY;
        return $isValid ? $claims : throw new UnionIdRefusal('invalid_token');
    }

    private function key(string $kid): OpenSSLAsymmetricKey
    {
        // A key that is not known yet: they change, so look again, once.
        foreach ([false, true] as $anew) {
            foreach ($this->published($anew)['keys'] as $jwk) {
                if ($jwk['kid'] === $kid && $jwk['kty'] === 'RSA') {
                    return openssl_pkey_get_public(self::pem($jwk));
                }
            }
        }
        throw new UnionIdRefusal('invalid_token');
    }

    /** The issuer's metadata with its keys; an hour old at most. */
    private function published(bool $anew = false): array
    {
        $file = "$this->directory/published-" . hash('sha256', $this->issuer) . '.json';
        if (!$anew && is_file($file) && filemtime($file) > time() - 3600) {
            return json_decode((string) file_get_contents($file), true);
        }
        $metadata = self::fetch("$this->issuer/.well-known/openid-configuration");
        if (($metadata['issuer'] ?? null) !== $this->issuer) {
            throw new RuntimeException('the metadata is of another issuer');
        }
        $metadata['keys'] = self::fetch($metadata['jwks_uri'])['keys'];
        file_put_contents($file, json_encode($metadata), LOCK_EX);
        return $metadata;
    }

    private static function fetch(string $url, array $headers = [], ?array $form = null): array
    {
        $http = ['timeout' => 10, 'ignore_errors' => true, 'follow_location' => 0];
        if ($form !== null) {
            $headers[] = 'Content-Type: application/x-www-form-urlencoded';
            $http += ['method' => 'POST', 'content' => http_build_query($form)];
        }
        $http['header'] = [...$headers, 'Accept: application/json'];
        $body = file_get_contents($url, false, stream_context_create(['http' => $http]));
        $answer = json_decode((string) $body, true);
        if (isset($answer['error'])) {
            throw new UnionIdRefusal($answer['error']);
        }
        return is_array($answer) ? $answer : throw new RuntimeException('the gateway gives no answer');
    }

    /** RFC 7518 §6.3.1 → RFC 5280 SubjectPublicKeyInfo. */
    private static function pem(array $jwk): string
    {
        $number = static function (string $value): string {
            $bytes = ltrim(self::decode($value), "\0");
            return self::der("\x02", (ord($bytes[0]) > 0x7f ? "\0" : '') . $bytes);
        };
        $rsa = self::der("\x30", $number($jwk['n']) . $number($jwk['e']));
        $algorithm = hex2bin('300d06092a864886f70d0101010500');
        $key = self::der("\x30", $algorithm . self::der("\x03", "\0$rsa"));
        return "-----BEGIN PUBLIC KEY-----\n" . chunk_split(base64_encode($key), 64, "\n") . "-----END PUBLIC KEY-----\n";
    }

    private static function der(string $tag, string $content): string
    {
        $size = ltrim(pack('N', strlen($content)), "\0");
        return $tag . (strlen($content) < 0x80 ? $size : chr(0x80 | strlen($size)) . $size) . $content;
    }

    private static function random(): string
    {
        return self::encode(random_bytes(32));
    }

    private static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }

    private static function decode(string $text): string
    {
        return (string) base64_decode(strtr($text, '-_', '+/'));
    }
}

/** The message is the error code of the protocol, or why an answer was not believed. */
final class UnionIdRefusal extends RuntimeException
{
}
