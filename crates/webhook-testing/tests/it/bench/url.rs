//! Receivers behind a URL: correct ones, faulty ones, and servers that do not send HTTP.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use insta::assert_snapshot;
use webhook_core::samples::Sample;
use webhook_core::{Authenticated, Secret};
use webhook_testing::{Bench, NoAnswer, Outcome, Report, Target, Url, url};

use super::{Memory, SAMPLES, SECRET, TOKEN_SAMPLES, URL_SAMPLES, block_on, failed};
use crate::invented::BodyHmac;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const TOO_LARGE: &[u8] = b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n";
/// More than the buffers of two sockets hold.
const LARGE: usize = 32 << 20;
const SHORT: Duration = Duration::from_millis(100);

/// Does the same with every connection, each in a thread of its own.
fn listen(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let serve = Arc::clone(&serve);
            // The client reports a broken connection.
            thread::spawn(move || serve(stream.unwrap()));
        }
    });
    addr
}

/// Where a connection is refused: no test is given a port below 1024.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

fn target(addr: SocketAddr) -> Url {
    url(&format!("http://{addr}")).unwrap()
}

/// Reads the front of a request.
fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    // One character per byte, so that nothing is lost.
    Ok(head.into_iter().map(char::from).collect())
}

fn read_request(stream: &mut TcpStream) -> io::Result<Request<Bytes>> {
    let head = read_head(stream)?;
    let mut lines = head.lines();
    let mut start = lines.next().unwrap().split(' ');
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = start.next().unwrap().parse().unwrap();
    *request.uri_mut() = start.next().unwrap().parse().unwrap();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let value: Vec<u8> = value.chars().map(|byte| u8::try_from(byte).unwrap()).collect();
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, HeaderValue::from_bytes(&value).unwrap());
    }
    let length = request.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(request.map(|_| Bytes::from(body)))
}

/// A receiver on a socket.
fn serve<W: Authenticated + Send + Sync + 'static>(memory: &Arc<Memory<W>>) -> SocketAddr {
    let memory = Arc::clone(memory);
    listen(move |mut stream| {
        let status = block_on(memory.receive(read_request(&mut stream)?)).unwrap();
        write!(stream, "HTTP/1.1 {} X\r\ncontent-length: 0\r\n\r\n", status.as_u16())
    })
}

fn bench<W: Authenticated>(
    samples: &'static [Sample<W>],
    processed: &AtomicUsize,
    target: &impl Target,
) -> Report {
    let bench = Bench::new(samples, Secret::new(SECRET).unwrap()).path("/hooks");
    block_on(bench.processed(|| processed.load(Ordering::SeqCst)).run(target))
}

/// What a target answers to a plain request.
fn call(target: &Url, body: impl Into<Bytes>) -> Result<StatusCode, NoAnswer> {
    let request = Request::post("/").body(body.into()).unwrap();
    block_on(target.call(request))
}

#[test]
fn a_correct_receiver_of_each_scheme_passes_over_a_socket() {
    fn same<W: Authenticated + Send + Sync + 'static>(samples: &'static [Sample<W>]) {
        let memory = Arc::new(Memory::<W>::new());
        let over_a_socket = bench(samples, &memory.processed, &target(serve(&memory)));
        over_a_socket.assert_passed();
        let memory = Memory::<W>::new();
        assert_eq!(over_a_socket, memory.bench(samples, |request| memory.receive(request)));
    }
    same(&SAMPLES);
    same(&TOKEN_SAMPLES);
    same(&URL_SAMPLES);
}

#[test]
fn requests_overlap() {
    let memory = Arc::new(Memory::<BodyHmac>::new());
    let shared = Arc::clone(&memory);
    let addr = listen(move |mut stream| {
        let request = read_request(&mut stream)?;
        if request.method() != Method::POST {
            return stream.write_all(b"HTTP/1.1 405 X\r\ncontent-length: 0\r\n\r\n");
        }
        let (head, body) = request.into_parts();
        let delivery = match shared.receiver.accept(&head, body) {
            Ok(delivery) => delivery,
            Err(rejected) => {
                return write!(
                    stream,
                    "HTTP/1.1 {} X\r\ncontent-length: 0\r\n\r\n",
                    rejected.status().as_u16()
                );
            }
        };
        if !shared.seen.lock().unwrap().contains(&delivery.key()) {
            // The mistake: a second delivery is looked up before the first is stored.
            thread::sleep(SHORT);
            shared.process();
            shared.is_new(delivery.key());
        }
        stream.write_all(OK)
    });
    let report = bench(&SAMPLES, &memory.processed, &target(addr));
    assert_eq!(failed(&report), ["concurrent duplicates"], "{report}");
}

#[test]
fn a_request_is_sent_byte_for_byte() {
    let (seen, requests) = mpsc::channel();
    let addr = listen(move |mut stream| {
        seen.send(read_request(&mut stream)?).unwrap();
        stream.write_all(OK)
    });
    for method in ["POST", "GET", "PUT", "DELETE", "PATCH", "INVENTED"] {
        let sent = Request::builder()
            .method(method)
            .uri("/hooks/%2F?a=b%20c")
            .header("x-signature", HeaderValue::from_bytes(b"\xff\xfe \xe9").unwrap())
            .header("x-signature", "")
            .header("x-signature", "f".repeat(4_000))
            .body(Bytes::from_static(b"{\"a\":\0\xff}\r\n\r\n"))
            .unwrap();
        assert_eq!(block_on(target(addr).call(sent.clone())), Ok(StatusCode::OK));
        let came = requests.recv().unwrap();
        assert_eq!((came.method(), came.uri(), came.body()), (sent.method(), sent.uri(), sent.body()));
        let signatures = |request: &Request<Bytes>| -> Vec<HeaderValue> {
            request.headers().get_all("x-signature").iter().cloned().collect()
        };
        assert_eq!(signatures(&came), signatures(&sent));
        assert_eq!(came.headers()["host"].to_str().unwrap(), addr.to_string());
        assert_eq!(came.headers().len(), 3 + 3, "{:?}", came.headers());
    }
}

#[test]
fn the_path_of_the_url_comes_first() {
    let (seen, targets) = mpsc::channel();
    let addr = listen(move |mut stream| {
        seen.send(read_request(&mut stream)?.uri().to_string()).unwrap();
        stream.write_all(OK)
    });
    for (base, path, expected) in [
        ("", "/", "/"),
        ("/", "/", "/"),
        ("", "/qase", "/qase"),
        ("/hooks", "/", "/hooks"),
        ("/hooks/", "/", "/hooks/"),
        ("/hooks/", "/qase", "/hooks/qase"),
        ("/hooks?tenant=5", "/qase", "/hooks/qase?tenant=5"),
        ("?tenant=5", "/?a=b", "/?tenant=5&a=b"),
    ] {
        let target = url(&format!("http://{addr}{base}")).unwrap();
        let request = Request::post(path).body(Bytes::new()).unwrap();
        assert_eq!(block_on(target.call(request)), Ok(StatusCode::OK));
        assert_eq!(targets.recv().unwrap(), expected, "{base} and {path}");
    }
}

#[test]
fn the_path_of_the_bench_needs_no_slashes() {
    let (seen, targets) = mpsc::channel();
    let addr = listen(move |mut stream| {
        seen.send(read_request(&mut stream)?.uri().to_string()).unwrap();
        stream.write_all(OK)
    });
    for (path, expected) in [("hooks/qase/", "/hooks/qase"), ("/", "/"), ("", "/")] {
        let bench = Bench::new(&SAMPLES, Secret::new(SECRET).unwrap()).path(path);
        block_on(bench.run(&target(addr)));
        let targets: Vec<String> = targets.try_iter().collect();
        assert!(targets.len() > 10 && targets.iter().all(|target| target == expected), "{targets:?}");
    }
    let bench = Bench::new(&URL_SAMPLES, Secret::new(SECRET).unwrap()).path("hooks");
    block_on(bench.run(&target(addr)));
    assert_eq!(targets.try_iter().next().unwrap(), format!("/hooks/{SECRET}"));
}

#[test]
fn an_invalid_url_is_refused() {
    let refused = |text: &str| url(text).unwrap_err().to_string();
    assert_eq!(refused(""), "not a URL");
    assert_eq!(refused("http://a b"), "not a URL");
    assert_eq!(refused("http://"), "not a URL");
    assert_eq!(refused("127.0.0.1:8080"), "not an absolute URL");
    assert_eq!(refused("/hooks"), "not an absolute URL");
    assert_eq!(
        refused("https://localhost"),
        "TLS is not supported: pass a closure with a client of your own"
    );
    assert_eq!(refused("ftp://localhost"), "not an http URL");
    assert_eq!(refused("http://me:password@localhost"), "a user name or a password in the URL");
    for port in ["", "-1", "65536", "x"] {
        let refused = refused(&format!("http://localhost:{port}"));
        assert!(
            ["not a URL", "a URL whose port is not a number up to 65535"].contains(&&*refused),
            "{refused}"
        );
    }
    for fine in ["http://localhost", "HTTP://LOCALHOST:8080/", "http://[::1]:8080", "http://127.0.0.1/a?b#c"]
    {
        assert!(url(fine).is_ok(), "{fine}");
    }
}

#[test]
fn a_refused_connection_is_reported_in_one_row() {
    let report = bench(&SAMPLES, &AtomicUsize::new(0), &target(NOBODY));
    assert_snapshot!("nothing_listens", report);
    assert_eq!(failed(&report), ["valid"]);
    assert!(report.rows().iter().all(|row| row.outcome != Outcome::Passed));
}

#[test]
fn an_ipv6_address_and_a_host_name_are_resolved() {
    for host in ["[::1]", "localhost"] {
        let Ok(listener) = TcpListener::bind(format!("{host}:0")) else {
            eprintln!("this machine has no {host}");
            continue;
        };
        let addr = listener.local_addr().unwrap();
        let answered = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let host = read_request(&mut stream).unwrap().headers()["host"].clone();
            stream.write_all(OK).unwrap();
            host
        });
        let target = url(&format!("http://{host}:{}", addr.port())).unwrap();
        assert_eq!(call(&target, "{}"), Ok(StatusCode::OK));
        assert_eq!(answered.join().unwrap(), format!("{host}:{}", addr.port()));
    }
}

#[test]
fn a_receiver_that_never_answers_fails_once_and_in_time() {
    let addr = listen(|mut stream| {
        io::copy(&mut stream, &mut io::sink())?;
        Ok(())
    });
    let started = Instant::now();
    let report = bench(&SAMPLES, &AtomicUsize::new(0), &target(addr).timeout(SHORT));
    assert!(started.elapsed() < SHORT * 20, "{:?}", started.elapsed());
    assert_snapshot!("never_answers", report);
    assert_eq!(failed(&report), ["valid"]);
    assert!(report.rows().iter().all(|row| row.outcome != Outcome::Passed));
}

#[test]
fn a_silent_receiver_times_out() {
    let late = |serve: fn(TcpStream) -> io::Result<()>, body: usize| {
        let started = Instant::now();
        let target = target(listen(serve)).timeout(SHORT);
        assert_eq!(call(&target, vec![b' '; body]), Err(NoAnswer::Late(SHORT)));
        assert!(started.elapsed() < SHORT * 20, "{:?}", started.elapsed());
    };
    // Nothing is read, so that sending blocks.
    let stuck: fn(TcpStream) -> io::Result<()> = |mut stream| {
        thread::sleep(SHORT * 5);
        stream.write_all(OK)
    };
    late(stuck, 0);
    late(stuck, LARGE);
    // Bytes arrive all the time, but the head never ends.
    late(
        |mut stream| loop {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            thread::sleep(SHORT / 10);
        },
        0,
    );
    late(
        |mut stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx: ")?;
            loop {
                stream.write_all(b"x")?;
                thread::sleep(SHORT / 10);
            }
        },
        0,
    );
    let no_time = target(NOBODY).timeout(Duration::ZERO);
    assert_eq!(call(&no_time, ""), Err(NoAnswer::Late(Duration::ZERO)));
    assert_eq!(
        call(&target(listen(|mut stream| stream.write_all(OK))).timeout(Duration::MAX), ""),
        Ok(StatusCode::OK)
    );
}

#[test]
fn a_connection_that_is_closed_is_no_answer() {
    let politely = listen(|mut stream| read_request(&mut stream).map(drop));
    assert_eq!(call(&target(politely), "{}"), Err(NoAnswer::Closed));
    let in_the_middle = listen(|mut stream| {
        read_request(&mut stream)?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le")
    });
    assert_eq!(call(&target(in_the_middle), "{}"), Err(NoAnswer::Closed));
    let at_once = listen(|_| Ok(()));
    let answer = call(&target(at_once), vec![b' '; LARGE]);
    assert!(matches!(answer, Err(NoAnswer::Closed | NoAnswer::Broken(_))), "{answer:?}");
    let report = bench(&SAMPLES, &AtomicUsize::new(0), &target(politely));
    assert!(report.rows().iter().all(|row| row.outcome != Outcome::Passed), "{report}");
}

#[test]
fn bytes_that_are_not_http_are_no_answer() {
    let greets = listen(|mut stream| stream.write_all(b"220 mail.example.com ESMTP\r\n"));
    assert_eq!(call(&target(greets), ""), Err(NoAnswer::NotHttp));
    let rambles = listen(|mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nx: ")?;
        stream.write_all(&vec![b'x'; 1 << 20])
    });
    assert_eq!(call(&target(rambles), ""), Err(NoAnswer::NotHttp));
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let elsewhere = listen({
        let followed = Arc::clone(&followed);
        move |mut stream| {
            followed.fetch_add(1, Ordering::SeqCst);
            stream.write_all(OK)
        }
    });
    let redirects = listen(move |mut stream| {
        read_request(&mut stream)?;
        write!(stream, "HTTP/1.1 307 X\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n")
    });
    assert_eq!(call(&target(redirects), ""), Ok(StatusCode::TEMPORARY_REDIRECT));
    let report = bench(&SAMPLES, &AtomicUsize::new(0), &target(redirects));
    assert!(report.to_string().contains("thing.made: answered 307, expected 2xx"), "{report}");
    assert!(report.rows().iter().all(|row| row.outcome != Outcome::Passed), "{report}");
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[test]
fn every_final_status_is_an_answer_and_no_interim_status_is() {
    for status in [101, 200, 204, 304, 400, 404, 500, 599, 999] {
        let addr = listen(move |mut stream| {
            read_request(&mut stream)?;
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")?;
            write!(stream, "HTTP/1.1 {status}\r\n\r\n")
        });
        assert_eq!(call(&target(addr), ""), Ok(StatusCode::from_u16(status).unwrap()));
    }
}

/// The receiver has read the head and no more, and keeps the connection.
#[test]
fn an_answer_counts_before_everything_is_sent() {
    let addr = listen(|mut stream| {
        read_head(&mut stream)?;
        stream.write_all(TOO_LARGE)?;
        thread::sleep(Duration::from_secs(5));
        Ok(())
    });
    let started = Instant::now();
    assert_eq!(call(&target(addr), vec![b' '; LARGE]), Ok(StatusCode::PAYLOAD_TOO_LARGE));
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

/// The receiver has read the head and no more, and closes the connection.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "other systems may throw away what came before a reset")]
fn an_answer_counts_after_sending_has_failed() {
    let addr = listen(|mut stream| {
        read_head(&mut stream)?;
        stream.write_all(TOO_LARGE)
    });
    for length in [1 << 10, 1 << 20, LARGE] {
        for _ in 0..20 {
            assert_eq!(
                call(&target(addr), vec![b' '; length]),
                Ok(StatusCode::PAYLOAD_TOO_LARGE),
                "{length}"
            );
        }
    }
}

/// PHP and CGI end a request when the sender closes the connection.
#[test]
fn the_connection_stays_open_until_the_answer_has_ended() {
    let (seen, cut_off) = mpsc::channel();
    let addr = listen(move |mut stream| {
        read_request(&mut stream)?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n")?;
        stream.set_read_timeout(Some(SHORT))?;
        seen.send(stream.read(&mut [0]).is_ok()).unwrap();
        stream.write_all(b"ok")?;
        // A connection that is left open costs no time.
        stream.set_read_timeout(None)?;
        let _ = stream.read(&mut [0]);
        stream.shutdown(Shutdown::Both)
    });
    let started = Instant::now();
    assert_eq!(call(&target(addr), ""), Ok(StatusCode::OK));
    assert!(!cut_off.recv().unwrap());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
