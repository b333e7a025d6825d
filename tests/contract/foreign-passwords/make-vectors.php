<?php
// Prints vectors.json: hashes as PHP itself makes them. Run: php make-vectors.php > vectors.json
$made = [];
foreach (['ласточка над озером', 'x', 'p@ss "word"; 123', str_repeat('я', 70)] as $p) {
    $made[] = ['hash' => password_hash($p, PASSWORD_BCRYPT, ['cost' => 5]), 'kind' => 'bcrypt:5'];
    $made[] = ['hash' => 'pbkdf2_sha256$1000$soль$' . base64_encode(hash_pbkdf2('sha256', $p, 'soль', 1000, 0, true)), 'kind' => 'pbkdf2-sha256:1000'];
    $made[] = ['hash' => 'pbkdf2_sha1$777$salt$' . base64_encode(hash_pbkdf2('sha1', $p, 'salt', 777, 0, true)), 'kind' => 'pbkdf2-sha1:777'];
    $made[] = ['hash' => '$pbkdf2-sha512$900$' . strtr(rtrim(base64_encode("\x00\xffsalt\xfb"), '='), '+', '.') . '$' . strtr(rtrim(base64_encode(hash_pbkdf2('sha512', $p, "\x00\xffsalt\xfb", 900, 0, true)), '='), '+', '.'), 'kind' => 'pbkdf2-sha512:900'];
    $made[] = ['as' => 'bitrix', 'hash' => crypt($p, '$6$Ab3dEf6hIj9lMn2p$'), 'kind' => 'sha512-crypt:5000'];
    $made[] = ['hash' => crypt($p, '$6$rounds=1500$sa$'), 'kind' => 'sha512-crypt:1500'];
    $made[] = ['as' => 'bitrix', 'hash' => 'aZ;9,"$x' . md5('aZ;9,"$x' . $p), 'kind' => 'md5-sp:0'];
    $made[] = ['as' => 'bitrix', 'hash' => md5($p), 'kind' => 'md5-sp:0'];
    $made[] = ['as' => 'md5-ps', 'salt' => 'соль', 'hash' => strtoupper(md5($p . 'соль')), 'kind' => 'md5-ps:0'];
    $made[] = ['as' => 'sha1-sp', 'salt' => 'соль', 'hash' => sha1('соль' . $p), 'kind' => 'sha1-sp:0'];
    $made[] = ['as' => 'sha256-ps', 'salt' => '', 'hash' => hash('sha256', $p), 'kind' => 'sha256-ps:0'];
    foreach ($made as &$one) $one += ['password' => $p];
    unset($one);
}
echo json_encode($made, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
