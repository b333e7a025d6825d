<?php
/** «Выйти»: a form that posts here with bitrix_sessid_post(). */
require __DIR__ . '/start.php';

global $USER;

if ($_SERVER['REQUEST_METHOD'] !== 'POST' || !check_bitrix_sessid()) {
    LocalRedirect('/');
}
$idToken = $_SESSION['UNION_ID']['tokens']['id_token'] ?? null;
$USER->Logout();
LocalRedirect(unionId()->endSessionUrl($idToken, '{{post_logout_redirect_uri}}'), true);
