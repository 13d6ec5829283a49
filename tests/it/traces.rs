//! Traces: told to a collector on the wire by the program as it is deployed, and never in anybody's way.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use awsomeshop::types::time::Clock;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::browser::Browser;
use crate::support::{CODE_KEY, Shop};

/// A collector: says yes to everything and keeps it.
struct Collector {
    address: String,
    posts: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    #[expect(clippy::disallowed_methods, reason = "it stands there as long as the test does")]
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let posts: Arc<Mutex<Vec<ExportTraceServiceRequest>>> = Arc::default();
        let kept = Arc::clone(&posts);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    while let Some(body) = post(&mut stream).await {
                        kept.lock().unwrap().push(ExportTraceServiceRequest::decode(&*body).unwrap());
                        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
                    }
                });
            }
        });
        Self { address, posts }
    }

    /// Every span that was told, and under which name.
    fn spans(&self) -> (Vec<Span>, Vec<KeyValue>) {
        let posts = self.posts.lock().unwrap();
        let resources: Vec<_> = posts.iter().flat_map(|post| &post.resource_spans).collect();
        let about =
            resources.iter().filter_map(|part| part.resource.clone()).flat_map(|part| part.attributes);
        let scopes = resources.iter().flat_map(|part| &part.scope_spans);
        (scopes.flat_map(|scope| scope.spans.clone()).collect(), about.collect())
    }
}

/// The body of the next request; `None` when there is none.
async fn post(stream: &mut tokio::net::TcpStream) -> Option<Vec<u8>> {
    let mut read = Vec::new();
    loop {
        let head = read.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = head {
            let text = String::from_utf8(read[..end].to_vec()).unwrap().to_lowercase();
            assert!(text.starts_with("post /v1/traces http/1.1"), "{text}");
            assert!(text.contains("content-type: application/x-protobuf"), "{text}");
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let length: usize = length.parse().unwrap();
            if read.len() >= end + 4 + length {
                return Some(read[end + 4..end + 4 + length].to_vec());
            }
        }
        if stream.read_buf(&mut read).await.unwrap() == 0 {
            return None;
        }
    }
}

/// The shop as a process of its own, beside a shop of the test's that lends it database and stand-ins.
struct Program {
    child: Child,
    origin: String,
}

impl Program {
    async fn start(shop: &Shop, more: &[(&str, &str)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let origin = format!("http://127.0.0.1:{port}");
        // The program goes by the real time, and so must the identity provider.
        shop.advance(Clock::system().now().seconds() - shop.now().seconds());
        let config = &shop.app.config;
        let mut command = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
        command.arg("serve").env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.envs([
            ("SHOP_BIND", format!("127.0.0.1:{port}")),
            ("SHOP_PUBLIC_URL", shop.origin.clone()),
            ("SHOP_LEAVE_DELAY_S", "0".to_owned()),
            ("SHOP_CODE_KEY", CODE_KEY.to_owned()),
            ("DATABASE_URL", shop.database().settings.url.expose_secret().to_owned()),
            ("OIDC_ISSUER_URL", config.identity.issuer.clone()),
            ("OIDC_CLIENT_ID", "shop".to_owned()),
            ("OIDC_CLIENT_SECRET", "shop-secret".to_owned()),
            ("S3_BUCKET", "pictures".to_owned()),
            ("S3_ENDPOINT_URL", config.images.endpoint_url.clone().unwrap()),
            ("AWS_ACCESS_KEY_ID", "tests".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "only-for-tests".to_owned()),
        ]);
        let mut child = command.envs(more.iter().copied()).spawn().unwrap();
        let give_up = Instant::now() + Duration::from_secs(30);
        while reqwest::get(format!("{origin}/health")).await.is_err() {
            assert!(child.try_wait().unwrap().is_none() && Instant::now() < give_up, "it does not open");
            tokio::task::yield_now().await;
        }
        Self { child, origin }
    }

    /// By way of the provider, which knows the shop of the test only and sends the browser there.
    async fn sign_in(&self, browser: &Browser, person: &str) {
        let back = url::Url::parse(&browser.pick("/sign-in?moved=1", person).await).unwrap();
        let here = format!("{}{}?{}", self.origin, back.path(), back.query().unwrap());
        browser.get(&here).await.expect(303);
    }

    /// Tells it to stop; what it logged.
    fn stop(mut self) -> String {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
    }
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_is_told_what_a_request_did_and_nothing_of_who_asked() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let collector = Collector::start().await;
    let told = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address.as_str()), ("OTEL_SERVICE_NAME", "tests")];
    let program = Program::start(&shop, &told).await;
    let browser = shop.browser_at(&program.origin);
    program.sign_in(&browser, "ann").await;
    let traced = reqwest::Client::new()
        .get(format!("{}/nowhere?who=ann", program.origin))
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .send();
    let id = traced.await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned();
    let not_traced = reqwest::Client::new()
        .get(format!("{}/nowhere/either", program.origin))
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00")
        .send();
    not_traced.await.unwrap();
    let log = program.stop();

    let (spans, about) = collector.spans();
    let named = |name: &str| {
        let found: Vec<&Span> = spans.iter().filter(|span| span.name == name).collect();
        assert_eq!(found.len(), 1, "{name} in {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>());
        found[0]
    };
    assert_eq!(text(&about, "service.name"), Some("tests"));
    // What came back from the provider, and within it the token's fetching and the write.
    let arrived = named("GET /sign-in/callback");
    let write = named("write sign_in.arrive");
    assert_eq!((&write.parent_span_id, &write.trace_id), (&arrived.span_id, &arrived.trace_id));
    assert_eq!(named("identity post").parent_span_id, arrived.span_id);
    assert_eq!(text(&arrived.attributes, "http.route"), Some("/sign-in/callback"));
    // Part of the caller's trace, and found in the log by its id.
    let asked = named("GET unmatched");
    assert_eq!(asked.trace_id, 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes());
    assert_eq!(asked.parent_span_id, 0xb7ad_6b71_6920_3331_u64.to_be_bytes());
    assert_eq!(text(&asked.attributes, "shop.request_id"), Some(id.as_str()));
    assert!(log.contains(&id), "{log}");
    // Not whom the caller did not want to trace (it would be a second of its name), nor what machines ask and what the
    // shop does by itself.
    assert!(!spans.iter().any(|span| span.name.contains("/health") || span.name.contains("outbox")));
    for span in &spans {
        let all = format!("{span:?}");
        for whose in ["ann", &ann.to_string(), "example.test", "nowhere", "code="] {
            assert!(!all.contains(whose), "{whose} in {all}");
        }
    }
    // The log is what it is without traces: each line of a request says which.
    let signed_in = log.lines().find(|line| line.contains("\"signed in\"")).unwrap();
    assert!(signed_in.contains("\"span\":{") && !log.contains("shop.what"), "{signed_in}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_not_there_is_in_nobodys_way() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program =
        Program::start(&shop, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{nobody}"))]).await;
    let browser = shop.browser_at(&program.origin);
    program.sign_in(&browser, "ann").await;
    for _ in 0..20 {
        browser.get("/").await.expect(200);
    }
    let stopping = Instant::now();
    let log = program.stop();
    assert!(stopping.elapsed() < Duration::from_secs(20), "stopping took {:?}", stopping.elapsed());
    let complaints =
        log.lines().filter(|line| line.contains("traces cannot be told and are dropped")).count();
    assert_eq!(complaints, 1, "{log}");
    assert!(!log.contains("\"level\":\"ERROR\""), "{log}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_says_nothing_holds_up_no_request_and_no_end() {
    let shop = Shop::open().await;
    // It takes the connection, and that is all.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let program = Program::start(&shop, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &address)]).await;
    for _ in 0..20 {
        shop.browser_at(&program.origin).get("/nowhere").await.expect(404);
    }
    let stopping = Instant::now();
    let log = program.stop();
    assert!(stopping.elapsed() < Duration::from_secs(20), "stopping took {:?}: {log}", stopping.elapsed());
    drop(silent);
    shop.close().await;
}
