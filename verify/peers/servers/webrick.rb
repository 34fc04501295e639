# ruby webrick.rb SCHEME USERS: WEBrick's proxy. Prints its port.
require 'webrick'
require 'webrick/httpproxy'

scheme, file = ARGV
if scheme == 'basic'
  users = WEBrick::HTTPAuth::Htpasswd.new(file)
  check = WEBrick::HTTPAuth::ProxyBasicAuth.new(Realm: 'peers', UserDB: users, Logger: WEBrick::Log.new(File::NULL))
else
  users = WEBrick::HTTPAuth::Htdigest.new(file)
  check = WEBrick::HTTPAuth::ProxyDigestAuth.new(Realm: 'peers', UserDB: users, Algorithm: 'MD5', Logger: WEBrick::Log.new(File::NULL))
end
server = WEBrick::HTTPProxyServer.new(
  BindAddress: '127.0.0.1', Port: 0, AccessLog: [], Logger: WEBrick::Log.new(File::NULL),
  ProxyAuthProc: ->(request, response) { check.authenticate(request, response) }
)
$stdout.puts server.listeners[0].addr[1]
$stdout.flush
server.start
