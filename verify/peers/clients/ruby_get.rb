# ruby ruby_get.rb PORT USER PASSWORD PAUSE METHOD URL...: net/http.
require 'net/http'

port, user, password, pause, method, *urls = ARGV
uri = URI(urls[0])
http = Net::HTTP.new(uri.host, uri.port, '127.0.0.1', port.to_i, user, password)
http.use_ssl = uri.scheme == 'https'
http.verify_mode = OpenSSL::SSL::VERIFY_NONE if http.use_ssl?
http.continue_timeout = 2
http.start do
  urls.each do |url|
    request = method == 'POST' ? Net::HTTP::Post.new(URI(url)) : Net::HTTP::Get.new(URI(url))
    if method == 'POST'
      request.body = "\0" * 65_536
      request['Expect'] = '100-continue'
      request['Content-Type'] = 'application/octet-stream'
    end
    http.request(request)
    sleep pause.to_f
  end
end
