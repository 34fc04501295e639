# The checks of Negotiate and NTLM.

# start_negotiate OPTION...: starts the example proxy, with the keytab and users of NTLM in the environment.
start_negotiate() {
    start_printing proxy '^listening on 127\.0\.0\.1:[0-9]+$' "$programs/proxy" "$@" 127.0.0.1:0 aladdin "$password"
    log=$(ls -t "$dir"/proxy-*.out | head -n 1)
}

# users_seen: prints the schemes and users in the log of the proxy.
users_seen() {
    grep -ao '^[A-Za-z]* [^ ]*' "$log" | grep -v '^listening' | sort -u | paste -sd,
}

# host_curl_seen OPTION...: like curl_seen, but names the proxy as the service does.
host_curl_seen() {
    curl_seen --proxy "http://localhost:$port" "$@"
}

get_seen() {
    timeout 60 "$programs/get" "$@" 2>&1 | paste -sd';'
}

digest='Digest (SHA-256), Digest (MD5)'
untrusted='the library for tokens failed, or does not trust the proxy'

kerberos_checks() {
    local http=http://127.0.0.1:$http_port/hello https=https://127.0.0.1:$https_port/hello url token other early
    export KRB5_KTNAME=FILE:$dir/proxy.keytab
    log_in brief -l 6s
    early=$(PYTHONPATH=$python python3 "$negotiate/ticket.py" HTTP@localhost)
    log_in good
    other=$(PYTHONPATH=$python python3 "$negotiate/ticket.py" HTTP@other)
    start_negotiate --negotiate
    for url in "$http" "$https"; do
        check "Kerberos, curl, ${url%%:*}" '200 Negotiate hello' \
            "$(host_curl_seen --proxy-negotiate --proxy-user : --insecure "$url")"
        check "Kerberos, requests-kerberos, ${url%%:*}" '200 hello' \
            "$(PYTHONPATH=$python python3 "$negotiate/requests_kerberos_get.py" "$port" "$url")"
        check "Kerberos, Chromium, ${url%%:*}" '200 hello 200 hello' \
            "$(PROXY_HOST=localhost chromium_seen '' '' "$url")"
    done
    check 'Kerberos, our client' '200 36;200 36' "$(get_seen "http://localhost:$port" "$http" "$http")"
    check 'Kerberos, our client, tunnel' '200 36;200 36' "$(get_seen --tunnel "http://localhost:$port" "$http" "$http")"
    check 'Kerberos, the users in the log' "Negotiate aladdin@$realm" "$(users_seen)"

    token=$(PYTHONPATH=$python python3 "$negotiate/ticket.py" HTTP@localhost)
    check 'a token, sent once' '200 Negotiate hello' "$(host_curl_seen --proxy-header "Proxy-Authorization: Negotiate $token" "$http")"
    check 'the same token again' '407 Negotiate ' "$(host_curl_seen --proxy-header "Proxy-Authorization: Negotiate $token" "$http")"
    check 'a ticket for another service' '407 Negotiate ' "$(host_curl_seen --proxy-header "Proxy-Authorization: Negotiate $other" "$http")"
    check 'no token' '407 Negotiate ' "$(host_curl_seen --proxy-header 'Proxy-Authorization: Negotiate AAAA' "$http")"
    check 'no ticket: Digest, curl' '200 Digest hello' \
        "$(KRB5CCNAME=FILE:/nonexistent host_curl_seen --proxy-digest --proxy-user "aladdin:$password" "$http")"
    check 'no ticket: Digest, Chromium' '200 hello 200 hello' \
        "$(KRB5CCNAME=FILE:/nonexistent PROXY_HOST=localhost chromium_seen aladdin "$password" "$http")"
    check 'no ticket: no other scheme' '407 none ' \
        "$(KRB5CCNAME=FILE:/nonexistent host_curl_seen --proxy-negotiate --proxy-user : "$http")"
    check 'no ticket, our client' "$untrusted (status code 407; the proxy offers $digest, Negotiate)" \
        "$(KRB5CCNAME=FILE:/nonexistent get_seen "http://localhost:$port" "$http")"

    # Its lifetime has passed.
    sleep 7
    KRB5_CONFIG=$dir/strict.conf start_negotiate --negotiate
    check 'an expired ticket' '407 Negotiate ' "$(host_curl_seen --proxy-header "Proxy-Authorization: Negotiate $early" "$http")"
    KRB5_KTNAME=FILE:$dir/other.keytab start_negotiate --negotiate
    check 'a proxy with the key of another service' '407 Negotiate ' \
        "$(host_curl_seen --proxy-negotiate --proxy-user : "$http")"
    start_printing unproved '^[0-9]+$' python3 "$negotiate/unproved.py"
    check 'a proxy that proves nothing, our client' 'the response contains no proof (status code 200)' \
        "$(get_seen "http://localhost:$port" "$http")"
    start_printing unproved '^[0-9]+$' python3 "$negotiate/unproved.py" AAAA
    check 'a proxy with a wrong proof, our client' "$untrusted (status code 200)" \
        "$(get_seen "http://localhost:$port" "$http")"

    chmod 644 "$dir/proxy.keytab"
    start_squid_with negotiate "/usr/lib/squid/negotiate_kerberos_auth -k FILE:$dir/proxy.keytab -s HTTP/localhost@$realm"
    for url in '' --tunnel; do
        check "Kerberos, our client, Squid, ${url:-forwarded}" '200 36;200 36' \
            "$(get_seen --unproved ${url:+"$url"} "http://localhost:$port" "$http" "$http")"
    done
    # Squid sends no last token.
    check 'Kerberos, our client, Squid, without its proof' 'the response contains no proof (status code 200)' \
        "$(get_seen "http://localhost:$port" "$http")"
    check 'Kerberos, our client, Squid, without a ticket' "$untrusted (status code 407; the proxy offers Negotiate)" \
        "$(KRB5CCNAME=FILE:/nonexistent get_seen --unproved "http://localhost:$port" "$http")"
}

ntlm_checks() {
    local http=http://127.0.0.1:$http_port/hello https=https://127.0.0.1:$https_port/hello url name user
    export NTLM_USER_FILE=$dir/ntlm.users
    printf 'PEERS:%s\n' "aladdin:$password" "mufasa:$password" >"$NTLM_USER_FILE"
    start_negotiate --negotiate --ntlm
    for url in "$http" "$https"; do
        for user in aladdin mufasa; do
            name="NTLM, curl, ${url%%:*}, $user"
            check "$name" '200 NTLM hello' \
                "$(host_curl_seen --proxy-ntlm --insecure --proxy-user "PEERS\\$user:$password" "$url")"
            check "$name, wrong password" '407 NTLM ' \
                "$(host_curl_seen --proxy-ntlm --insecure --proxy-user "PEERS\\$user:x" "$url")"
        done
        check "NTLM, curl, ${url%%:*}, unknown user" '407 NTLM ' \
            "$(host_curl_seen --proxy-ntlm --insecure --proxy-user "PEERS\\nobody:$password" "$url")"
        check "NTLM, curl, ${url%%:*}, no user" '407 NTLM ' \
            "$(host_curl_seen --proxy-ntlm --insecure --proxy-user : "$url")"
    done
    check 'NTLM, the users in the log' 'NTLM PEERS\aladdin,NTLM PEERS\mufasa' "$(users_seen)"
    check 'NTLM, two clients at the same time' ok \
        "$(PYTHONPATH=$python python3 "$negotiate/interleaved.py" "$port" "$http" "$password" aladdin mufasa)"
    # The client has the first user of the file.
    check 'NTLM, our client' '200 36;200 36' "$(get_seen --ntlm "http://localhost:$port" "$http" "$http")"
    check 'NTLM, our client, tunnel' '200 36;200 36' "$(get_seen --ntlm --tunnel "http://localhost:$port" "$http" "$http")"

    printf 'PEERS:aladdin:wrong\n' >"$dir/wrong.users"
    check 'NTLM, our client, wrong password' "the peer refused the credentials (status code 407; the proxy offers $digest, Negotiate, NTLM)" \
        "$(NTLM_USER_FILE=$dir/wrong.users get_seen --ntlm "http://localhost:$port" "$http")"
    # Samba's helper, which checks one password without a domain controller. It takes no space in it.
    start_squid_with ntlm '/usr/bin/ntlm_auth --helper-protocol=squid-2.5-ntlmssp --domain=PEERS --password=sesame'
    printf 'PEERS:aladdin:sesame\n' >"$NTLM_USER_FILE"
    for url in '' --tunnel; do
        check "NTLM, our client, Squid, ${url:-forwarded}" '200 36;200 36' \
            "$(get_seen --ntlm ${url:+"$url"} "http://localhost:$port" "$http" "$http")"
        check "NTLM, our client, Squid, ${url:-forwarded}, wrong password" \
            'the peer refused the credentials (status code 407; the proxy offers NTLM)' \
            "$(NTLM_USER_FILE=$dir/wrong.users get_seen --ntlm ${url:+"$url"} "http://localhost:$port" "$http")"
    done
}
