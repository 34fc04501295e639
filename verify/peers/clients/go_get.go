// go run go_get.go PORT USER PASSWORD PAUSE METHOD URL...: net/http, with the login in the address of the proxy.
package main

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

func main() {
	port, user, password, method := os.Args[1], os.Args[2], os.Args[3], os.Args[5]
	pause, _ := strconv.ParseFloat(os.Args[4], 64)
	proxy := &url.URL{Scheme: "http", Host: "127.0.0.1:" + port, User: url.UserPassword(user, password)}
	client := http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyURL(proxy),
		TLSClientConfig:       &tls.Config{InsecureSkipVerify: true},
		ExpectContinueTimeout: 2 * time.Second,
	}}
	for _, address := range os.Args[6:] {
		var content io.Reader
		if method == "POST" {
			content = bytes.NewReader(make([]byte, 65536))
		}
		request, err := http.NewRequest(method, address, content)
		if err != nil {
			panic(err)
		}
		if method == "POST" {
			request.Header.Set("Expect", "100-continue")
		}
		if response, err := client.Do(request); err == nil {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		time.Sleep(time.Duration(pause * float64(time.Second)))
	}
}
