use std::sync::Mutex;

use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::*;
use crate::{httpsig::Sent, sync::Clock};

const DEVICE: DeviceId = DeviceId([1, 2, 3, 4, 5, 6]);
const SERVER_MS: i64 = 1_786_000_000_000;

struct FixedHost(Mutex<u8>);

impl Host for FixedHost {
    fn clock(&self) -> Clock {
        Clock {
            wall_ms: 1_000,
            monotonic_ms: 0,
        }
    }

    fn random(&self, to: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        *next = next.wrapping_add(1);
        to.fill(*next);
    }
}

/// Answers one after the other, and keeps what was asked.
struct Script {
    answers: Mutex<Vec<Result<Response, TransportError>>>,
    asked: Mutex<Vec<Sent>>,
}

impl Transport for Script {
    async fn send(&self, request: Request<'_>) -> Result<Response, TransportError> {
        let header = |name: &'static str| {
            let found = request.headers.iter().find(|(at, _)| *at == name);
            found.map(|(_, value)| value.as_str())
        };
        let input = header("signature-input").unwrap();
        let sent = Sent::read(input, header("signature").unwrap()).unwrap();
        let covered = Covered::of(request.method.as_str(), request.path, header).unwrap();
        let key = pair().public_key().as_ref().try_into().unwrap();
        sent.verify(&covered, &key).unwrap();
        self.asked.lock().unwrap().push(sent);
        self.answers.lock().unwrap().remove(0)
    }
}

#[derive(Default)]
struct Waits(Mutex<Vec<u64>>);

impl Waiter for Waits {
    fn wait(&self, ms: u64) -> impl Future<Output = ()> + MaybeSend {
        self.0.lock().unwrap().push(ms);
        ready(())
    }
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "what a transport returns")]
fn answer(status: u16, headers: &[(&str, &str)]) -> Result<Response, TransportError> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Ok(Response {
        status,
        headers: headers.iter().map(owned).collect(),
        body: Vec::new(),
    })
}

/// Calls once with these answers: what came of it, what was asked, what was waited.
async fn call(
    answers: Vec<Result<Response, TransportError>>,
) -> (Result<u16, TransportError>, Vec<Sent>, Vec<u64>) {
    let script = Script {
        answers: Mutex::new(answers),
        asked: Mutex::default(),
    };
    let signer = |message: &[u8]| pair().sign(message).as_ref().try_into().unwrap();
    let waits = Waits::default();
    let host = FixedHost(Mutex::new(0));
    let link = SignedLink::new(&script, &signer, &waits, &host, DEVICE, 0);
    let request = Request::post("/v1/sync?x=1", "application/cbor", b"body".to_vec());
    let outcome = link.call(&request).await.map(|response| response.status);
    let asked = script.asked.into_inner().unwrap();
    (outcome, asked, waits.0.into_inner().unwrap())
}

#[tokio::test]
async fn a_phone_with_a_wrong_clock_signs_by_the_servers() {
    let told = SERVER_MS.to_string();
    let (outcome, asked, waits) =
        call(vec![answer(401, &[(TIME_HEADER, &told)]), answer(200, &[])]).await;
    assert_eq!(outcome, Ok(200));
    let created: Vec<i64> = asked.iter().map(|sent| sent.created_s).collect();
    assert_eq!(created, [1, SERVER_MS / 1_000]);
    assert_ne!(asked[0].nonce, asked[1].nonce);
    assert!(waits.is_empty());
}

#[tokio::test]
async fn a_server_that_always_wants_another_signature_is_not_asked_for_ever() {
    let told = SERVER_MS.to_string();
    let again = || answer(401, &[(TIME_HEADER, &told)]);
    let (outcome, asked, _) = call((0..9).map(|_| again()).collect()).await;
    assert_eq!((outcome, asked.len()), (Ok(401), 3));
}

#[tokio::test]
async fn a_busy_server_is_left_alone_as_long_as_it_asks() {
    let (outcome, asked, waits) = call(vec![
        answer(503, &[("retry-after", "30")]),
        answer(429, &[("retry-after", "60")]),
        Err(TransportError::Offline),
        answer(200, &[]),
    ])
    .await;
    assert_eq!((outcome, asked.len()), (Ok(200), 4));
    let [first, second, third] = waits[..] else {
        panic!("{waits:?}")
    };
    assert!(
        first >= 30_000 && second >= 60_000 && third < 30_000,
        "{waits:?}"
    );
}

#[tokio::test]
async fn a_server_that_asks_for_long_is_left_to_whoever_called() {
    let (outcome, asked, waits) = call(vec![answer(429, &[("retry-after", "600")])]).await;
    let error = TransportError::Status {
        code: 429,
        retry_after_ms: Some(600_000),
    };
    assert_eq!((outcome, asked.len(), waits), (Err(error), 1, Vec::new()));
}

#[tokio::test]
async fn patience_ends_and_what_refuses_for_good_is_an_answer() {
    let (outcome, asked, _) = call((0..9).map(|_| answer(500, &[])).collect()).await;
    let failed = TransportError::Status {
        code: 500,
        retry_after_ms: None,
    };
    assert_eq!((outcome, asked.len()), (Err(failed), 4));
    let (outcome, asked, waits) = call(vec![answer(404, &[])]).await;
    assert_eq!((outcome, asked.len(), waits.len()), (Ok(404), 1, 0));
    let (outcome, ..) = call(vec![Err(TransportError::Tls)]).await;
    assert_eq!(outcome, Err(TransportError::Tls));
}
