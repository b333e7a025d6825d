<?php
/** «Войти через Union ID»: a link to /local/union-id/login.php. */
require __DIR__ . '/start.php';

LocalRedirect(unionId()->begin('{{scope}}'), true);
