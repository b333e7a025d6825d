<?php
/** The back-channel logout address: she has signed out elsewhere. */
define('NO_KEEP_STATISTIC', true);
define('NOT_CHECK_PERMISSIONS', true);
require __DIR__ . '/start.php';

header('Cache-Control: no-store');
session_write_close(); // the gateway's own request has a session, too: not that one is meant
try {
    unionId()->endSession($_POST);
} catch (UnionIdRefusal) {
    http_response_code(400);
}
