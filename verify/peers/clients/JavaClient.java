// java JavaClient.java CLIENT PORT USER PASSWORD PAUSE METHOD URL...: CLIENT is HttpClient or HttpURLConnection.

import java.io.InputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

class JavaClient {
    public static void main(String[] arguments) throws Exception {
        var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        var authenticator = new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(arguments[2], arguments[3].toCharArray());
            }
        };
        long pause = (long) (1000 * Double.parseDouble(arguments[4]));
        byte[] content = arguments[5].equals("POST") ? new byte[65536] : null;
        var trust = SSLContext.getInstance("TLS");
        trust.init(null, new TrustManager[] {new TrustAll()}, null);
        var client = HttpClient.newBuilder().proxy(ProxySelector.of(address)).authenticator(authenticator)
                .sslContext(trust).version(HttpClient.Version.HTTP_1_1).build();
        for (String url : Arrays.copyOfRange(arguments, 6, arguments.length)) {
            if (arguments[0].equals("HttpClient")) {
                var body = content == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(content);
                var request = HttpRequest.newBuilder(URI.create(url)).method(arguments[5], body)
                        .expectContinue(content != null).build();
                try {
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                } catch (java.io.IOException error) {
                    System.err.println(error);
                }
            } else {
                Authenticator.setDefault(authenticator);
                HttpsURLConnection.setDefaultSSLSocketFactory(trust.getSocketFactory());
                HttpsURLConnection.setDefaultHostnameVerifier((name, session) -> true);
                var connection = (HttpURLConnection) URI.create(url).toURL().openConnection(new Proxy(Proxy.Type.HTTP, address));
                if (content != null) {
                    connection.setDoOutput(true);
                    connection.getOutputStream().write(content);
                }
                try (InputStream stream = connection.getInputStream()) {
                    stream.readAllBytes();
                } catch (java.io.IOException error) {
                    System.err.println(error);
                }
            }
            Thread.sleep(pause);
        }
        System.exit(0);
    }

    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
