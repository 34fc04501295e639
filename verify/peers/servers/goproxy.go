// go run goproxy.go USER PASSWORD: the proxy of elazarl/goproxy, which knows Basic. Prints its port.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/elazarl/goproxy"
	"github.com/elazarl/goproxy/ext/auth"
)

func main() {
	proxy := goproxy.NewProxyHttpServer()
	auth.ProxyBasic(proxy, "peers", func(user, password string) bool {
		return user == os.Args[1] && password == os.Args[2]
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	http.Serve(listener, proxy)
}
