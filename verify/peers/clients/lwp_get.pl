# perl lwp_get.pl PORT USER PASSWORD PAUSE METHOD URL...: LWP, which asks for the login.
use strict;
use warnings;
use Encode qw(decode);
use LWP::UserAgent;

my ($port, $user, $password, $pause, $method, @urls) = map { decode('UTF-8', $_) } @ARGV;

package Agent {
    our @ISA = ('LWP::UserAgent');
    sub get_basic_credentials { return ($user, $password) }
}

my $agent = Agent->new(keep_alive => 2, timeout => 20, ssl_opts => { verify_hostname => 0, SSL_verify_mode => 0 });
$agent->proxy([qw(http https)], "http://127.0.0.1:$port/");
for my $url (@urls) {
    my $request = HTTP::Request->new($method => $url);
    $request->content("\0" x 65536) if $method eq 'POST';
    $agent->request($request);
    sleep $pause;
}
