<?php
/** Common to the pages beside it. `oidc.php` of the PHP stack lies here, too. */
declare(strict_types=1);

require_once $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_before.php';
require_once __DIR__ . '/oidc.php';

use Bitrix\Main\Config\Configuration;

function unionId(): UnionId
{
    // /bitrix/.settings.php: 'union_id' => ['value' => ['client_secret' => '…'], 'readonly' => true]
    $settings = Configuration::getValue('union_id');
    return new UnionId(
        issuer: '{{issuer}}',
        clientId: '{{client_id}}',
        clientSecret: $settings['client_secret'],
        redirectUri: '{{redirect_uri}}',
        directory: dirname($_SERVER['DOCUMENT_ROOT']) . '/union-id',
    );
}

/** Accounts that came through the gateway, as `EXTERNAL_AUTH_ID` names them. */
const UNION_ID_SOURCE = 'union_id';
