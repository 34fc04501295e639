//! Fetches a URL through a tunnel that the proxy opens for CONNECT (RFC 9110, 9.3.6).

use std::error::Error;

use hyper::body::Bytes;
use hyper::{Response, upgrade};
use tokio::time::timeout;

use crate::connection::{self, MAX_TIME};
use crate::fetch::Client;
use crate::url::Url;

/// Fetches a URL. Returns `None` if the proxy opens no tunnel, or is not trusted.
pub(crate) async fn fetch(client: &mut Client, url: &Url) -> Result<Option<Response<Bytes>>, Box<dyn Error>> {
    let Some(opened) = client.send(&url.connect()?).await? else {
        return Ok(None);
    };
    // The content of a failure is the proxy's, not that of the URL.
    if !opened.status().is_success() {
        eprintln!("the proxy opens no tunnel");
        return Ok(None);
    }
    timeout(MAX_TIME, async {
        let mut sender = connection::open(upgrade::on(opened).await?).await?;
        let response = sender.send_request(url.in_tunnel()?).await?;
        connection::read(response).await.map(Some)
    })
    .await?
}
