// Fetches a page through a proxy with Java, and prints the status code and the title.
//
// java -Djdk.http.auth.tunneling.disabledSchemes= -Djdk.http.auth.proxying.disabledSchemes= JavaGet.java PROXY_PORT USER PASSWORD URL

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

class JavaGet {
    public static void main(String[] arguments) throws Exception {
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(arguments[1], arguments[2].toCharArray());
            }
        });
        trustAll();
        Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        HttpURLConnection connection = (HttpURLConnection) new URL(arguments[3]).openConnection(proxy);
        try {
            int status = connection.getResponseCode();
            String title = "";
            if (status == 200) {
                String page = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                Matcher matcher = Pattern.compile("<title>(.*)</title>").matcher(page);
                title = matcher.find() ? " " + matcher.group(1) : "";
            }
            System.out.println(status + title);
        } catch (IOException error) {
            // "Unable to tunnel through proxy. Proxy returns "HTTP/1.1 407 Proxy Authentication Required""
            Matcher matcher = Pattern.compile("HTTP/1.1 ([0-9]{3})").matcher(String.valueOf(error.getMessage()));
            System.out.println(matcher.find() ? matcher.group(1) : error.toString());
        }
    }

    // The certificate is self-signed.
    private static void trustAll() throws Exception {
        TrustManager trusting = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trusting}, null);
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
    }
}
