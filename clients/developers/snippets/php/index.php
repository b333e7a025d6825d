<?php
declare(strict_types=1);

require __DIR__ . '/oidc.php';

$redirectUri = '{{redirect_uri}}';
$unionId = new UnionId(
    issuer: '{{issuer}}',
    clientId: '{{client_id}}',
    clientSecret: (string) getenv('CLIENT_SECRET'),
    redirectUri: $redirectUri,
    directory: getenv('STATE_DIRECTORY') ?: '/var/lib/union-id',
);

function go(string $where): never
{
    header("Location: $where", true, 303);
    exit();
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$isPost = $_SERVER['REQUEST_METHOD'] === 'POST';

if ($path === '/backchannel-logout' && $isPost) {
    header('Cache-Control: no-store');
    try {
        $unionId->endSession($_POST);
    } catch (UnionIdRefusal) {
        http_response_code(400);
    }
    exit();
}

session_start([
    'cookie_httponly' => true,
    'cookie_samesite' => 'Lax',
    'cookie_secure' => str_starts_with($redirectUri, 'https:'),
    'use_strict_mode' => true,
]);
$person = $_SESSION['person'] ?? null;

if ($path === '/login') {
    go($unionId->begin('{{scope}}'));
}

if ($path === parse_url($redirectUri, PHP_URL_PATH)) {
    try {
        ['claims' => $claims, 'profile' => $profile, 'tokens' => $tokens] = $unionId->finish($_GET);
    } catch (UnionIdRefusal $refusal) {
        // access_denied: she pressed «Отмена», or may not use this application
        http_response_code(400);
        exit(htmlspecialchars($refusal->getMessage()));
    }
    session_regenerate_id(true);
    // A person is `iss` and `sub` together, never an e-mail address.
    $_SESSION['person'] = ['iss' => $claims['iss'], 'sub' => $claims['sub'], 'name' => $profile['name'] ?? null];
    $_SESSION['tokens'] = $tokens;
    $unionId->remember($claims['sid']);
    go('/');
}

if ($path === '/refresh' && $isPost && $person !== null) {
    try {
        $_SESSION['tokens'] = $unionId->refresh($_SESSION['tokens']['refresh_token']) + $_SESSION['tokens'];
        http_response_code(204);
    } catch (UnionIdRefusal) {
        session_destroy(); // over: let her sign in again
        go('/login');
    }
    exit();
}

if ($path === '/logout' && $isPost) {
    $idToken = $_SESSION['tokens']['id_token'] ?? null;
    session_destroy();
    go($unionId->endSessionUrl($idToken, '{{post_logout_redirect_uri}}'));
}

if ($person === null) {
    exit('<a href="/login">Sign in</a>');
}
header('Content-Type: application/json; charset=utf-8');
echo json_encode($person, JSON_UNESCAPED_UNICODE);
