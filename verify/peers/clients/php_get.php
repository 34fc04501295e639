<?php
// php php_get.php PORT USER PASSWORD PAUSE METHOD URL...: the curl extension, with any scheme.
[, $port, $user, $password, $pause, $method] = $argv;
$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_PROXY => "http://127.0.0.1:$port",
    CURLOPT_NOPROXY => '',
    CURLOPT_PROXYAUTH => CURLAUTH_ANY,
    CURLOPT_PROXYUSERPWD => rawurlencode($user) . ':' . rawurlencode($password),
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_SSL_VERIFYPEER => false,
    CURLOPT_SSL_VERIFYHOST => 0,
    CURLOPT_TIMEOUT => 20,
]);
if ($method === 'POST') {
    curl_setopt($curl, CURLOPT_POSTFIELDS, str_repeat("\0", 1 << 21));
}
foreach (array_slice($argv, 6) as $url) {
    curl_setopt($curl, CURLOPT_URL, $url);
    curl_exec($curl);
    usleep((int) (1000000 * $pause));
}
