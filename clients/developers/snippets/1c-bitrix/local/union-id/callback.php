<?php
/** The redirect address: {{redirect_uri}} */
require __DIR__ . '/start.php';

use Bitrix\Main\Security\Random;
use Bitrix\Main\UserTable;

global $USER;

try {
    ['claims' => $claims, 'profile' => $profile, 'tokens' => $tokens] = unionId()->finish($_GET);
} catch (UnionIdRefusal $refusal) {
    // access_denied: she pressed «Отмена», or may not use this site
    LocalRedirect('/auth/?union_id=' . rawurlencode($refusal->getMessage()));
}

// A person is `iss` and `sub` together, never an e-mail address.
$key = hash('sha256', $claims['iss'] . '#' . $claims['sub']);
$found = UserTable::getList([
    'select' => ['ID'],
    'filter' => ['=EXTERNAL_AUTH_ID' => UNION_ID_SOURCE, '=XML_ID' => $key],
])->fetch();
$fields = [
    'NAME' => $profile['given_name'] ?? '',
    'SECOND_NAME' => $profile['middle_name'] ?? '',
    'LAST_NAME' => $profile['family_name'] ?? '',
];
$user = new CUser();
if ($found) {
    $id = (int) $found['ID'];
    $user->Update($id, $fields);
} else {
    $password = Random::getString(32, true);
    $id = (int) $user->Add($fields + [
        'LOGIN' => "union_id_$key",
        'EMAIL' => $profile['email'] ?? "$key@union-id.invalid",
        'PASSWORD' => $password,
        'CONFIRM_PASSWORD' => $password,
        'EXTERNAL_AUTH_ID' => UNION_ID_SOURCE,
        'XML_ID' => $key,
        'ACTIVE' => 'Y',
    ]);
}
if ($id === 0 || $USER->Authorize($id) !== true) {
    LocalRedirect('/auth/?union_id=not_authorized');
}
$_SESSION['UNION_ID'] = ['tokens' => $tokens];
unionId()->remember($claims['sid']);
LocalRedirect('/');
