# A Kerberos realm on this machine, in $dir, which nothing else uses. run.sh stops the KDC.

realm=PEERS.TEST

# start_kdc: creates the realm, and starts its KDC. Sets KRB5_CONFIG and KRB5_KDC_PROFILE.
start_kdc() {
    free_port
    export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf
    cat >"$KRB5_CONFIG" <<EOF
[libdefaults]
default_realm = $realm
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
$realm = {
    kdc = 127.0.0.1:$port
}
[domain_realm]
localhost = $realm
EOF
    # For a proxy that accepts no tickets after their time.
    sed 's/^\[libdefaults\]$/&\nclockskew = 1/' "$KRB5_CONFIG" >"$dir/strict.conf"
    cat >"$KRB5_KDC_PROFILE" <<EOF
[kdcdefaults]
kdc_listen = 127.0.0.1:$port
kdc_tcp_listen = 127.0.0.1:$port
[realms]
$realm = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    acl_file = $dir/acl
}
[logging]
kdc = FILE:$dir/kdc.log
EOF
    kdb5_util create -s -r "$realm" -P throw-away >/dev/null 2>&1
    kadmin -q 'addprinc -pw sesame aladdin'
    kadmin -q 'addprinc -randkey HTTP/localhost'
    kadmin -q "ktadd -k $dir/proxy.keytab HTTP/localhost"
    # The same name with another key: tickets for it are wrong for the proxy above.
    kadmin -q 'addprinc -randkey HTTP/other'
    kadmin -q "ktadd -k $dir/other.keytab HTTP/other"
    krb5kdc -n &
    servers+=($!)
    wait_for "$dir/kdc.log" 'commencing operation'
}

kadmin() {
    kadmin.local "$@" >/dev/null 2>&1
}

# log_in NAME OPTION...: obtains a ticket for aladdin in a cache of that name. Sets KRB5CCNAME.
log_in() {
    export KRB5CCNAME=FILE:$dir/$1.tickets
    kinit "${@:2}" aladdin <<<sesame >/dev/null
}
