//! Manifests, signatures, bundles, certificates, outbox files.

use sync_core::{
    Sha256,
    bundle::{
        Bundle, Certificate, Context, GridGrant, Manifest, ManifestRecord, NoIndex, OutboxFile,
        RecordChanges, ServerOpenKey, Signed, Unsigned, WireVersion, build, change_mac, header_mac,
        inflate, open, seal_for_server,
    },
    change::scan,
    limits::MAX_BODY_BYTES,
};

use super::{
    Sample,
    body::{changes, first_records, seal, seal_key, second_records},
    cbor, hex, read_by, stored,
    story::{
        A, B, GRID, Keeper, NOW, SEED_A, SEED_SEAL, SEED_SERVER, Story, header, public, shop, sign,
    },
    text, whole,
};

pub(crate) fn samples() -> Vec<Sample> {
    [signed(), bundles()].into_iter().flatten().collect()
}

fn manifest_of(
    story: &Story,
    number: u64,
    previous: Sha256,
    records: &[RecordChanges],
) -> Manifest {
    let entry = |changes: &RecordChanges| {
        let salt = if changes.record == shop() { 0x5A } else { 0x6B };
        ManifestRecord::of(changes, &header("", salt).salt).unwrap()
    };
    assert_eq!(story.first.change.actor, A.actor(1));
    Manifest {
        device: A,
        number,
        previous,
        schema: 3,
        epoch: 1,
        wall_ms: NOW + 60_000 * i64::try_from(number).unwrap() + 2_000,
        server_ms: NOW - 3_600_000,
        elapsed_ms: 3_660_000,
        records: records.iter().map(entry).collect(),
    }
}

fn first_manifest(story: &Story) -> Manifest {
    manifest_of(story, 1, Sha256::default(), &first_records(story))
}

fn second_manifest(story: &Story) -> Manifest {
    let previous = first_manifest(story).digest();
    manifest_of(story, 2, previous, &second_records(story))
}

fn sign_manifest(manifest: &Manifest) -> Vec<u8> {
    let unsigned = Unsigned::new(manifest.clone());
    let signature = sign(&SEED_A, unsigned.to_be_signed());
    unsigned.finish(signature)
}

pub(crate) fn certificate() -> Certificate {
    Certificate {
        device: A,
        key: public(&SEED_A),
        epoch: 1,
        inspector: "i-0042".into(),
        role: "inspector".into(),
        office: None,
        grids: vec![
            GridGrant {
                grid: GRID.into(),
                until_ms: None,
            },
            GridGrant {
                grid: "310112001001002".into(),
                until_ms: Some(NOW + 604_800_000),
            },
        ],
        issued_ms: NOW - 86_400_000,
        expires_ms: NOW + 7_776_000_000,
    }
}

pub(crate) fn certificate_sign1() -> Vec<u8> {
    let signed = certificate().to_sign();
    let signature = sign(&SEED_SERVER, &signed.to_be_signed);
    signed.finish(signature)
}

fn signed() -> Vec<Sample> {
    let story = Story::new();
    let manifest = first_manifest(&story);
    let payload = manifest.to_bytes();
    let structure = |name, context, payload: &[u8]| {
        let message = Signed::detached(context, payload).to_be_signed;
        let expected = message.clone();
        let note = "the bytes that Ed25519 signs";
        read_by(name, Some("sig-structure"), note, message, move |bytes| {
            Ok(bytes == expected)
        })
    };
    let mut of_office = certificate();
    of_office.role = "clerk".into();
    of_office.office = Some("fire".into());
    vec![
        structure("sig-structure-manifest", Context::Manifest, &payload),
        structure(
            "sig-structure-certificate",
            Context::Certificate,
            &minicbor::to_vec(certificate()).unwrap(),
        ),
        read_by(
            "manifest-sign1",
            Some("manifest-sign1"),
            "A's signature over the first manifest, detached",
            sign_manifest(&manifest),
            move |bytes| {
                let mut bundle = first_bundle(&Story::new(), WireVersion::Raw);
                bundle.signature = bytes.to_vec();
                opens(&bundle, &Keeper::empty()).map(|opened| opened == manifest)
            },
        ),
        cbor(
            "manifest-first",
            "manifest",
            "A's first bundle: one record, whose header is proposed",
            first_manifest(&story),
        ),
        cbor(
            "manifest-second",
            "manifest",
            "A's second bundle, which names the first",
            second_manifest(&story),
        ),
        cbor(
            "certificate",
            "certificate",
            "A's certificate: a grid, and the cover of another",
            certificate(),
        ),
        cbor(
            "certificate-office",
            "certificate",
            "with the key that inspectors' certificates lack: an office",
            of_office,
        ),
        read_by(
            "certificate-sign1",
            Some("certificate-sign1"),
            "A's certificate, signed by the server",
            certificate_sign1(),
            |bytes| {
                let read = Certificate::verify(bytes, &public(&SEED_SERVER)).map_err(text)?;
                Ok(read == certificate())
            },
        ),
    ]
}

pub(crate) fn first_bundle(story: &Story, version: WireVersion) -> Bundle {
    let manifest = first_manifest(story);
    let signature = sign_manifest(&manifest);
    let bundle = if version == WireVersion::Sealed {
        let sealed = seal(&seal_key(), story);
        seal_for_server(&manifest, signature, &[(shop(), vec![sealed])])
    } else {
        let records = first_records(story);
        build(&manifest, signature, &records, version, &NoIndex)
    };
    store(bundle)
}

pub(crate) fn second_bundle(story: &Story) -> Bundle {
    let manifest = second_manifest(story);
    let index = Keeper::after_first(story);
    store(build(
        &manifest,
        sign_manifest(&manifest),
        &second_records(story),
        WireVersion::Stripped,
        &index,
    ))
}

/// The same bundle with a body that does not depend on the compressor.
fn store(mut bundle: Bundle) -> Bundle {
    bundle.body = stored(&inflate(&bundle.body, MAX_BODY_BYTES).unwrap());
    bundle
}

fn opens(bundle: &Bundle, keeper: &Keeper) -> Result<Manifest, String> {
    let (key, _) = ServerOpenKey::derive(&SEED_SEAL);
    let opened = open(bundle, &certificate(), keeper, &key).map_err(text)?;
    for chunk in opened.records.iter().flat_map(|record| &record.chunks) {
        scan(chunk).map_err(text)?;
    }
    Ok(opened.manifest)
}

fn bundles() -> Vec<Sample> {
    let story = Story::new();
    let sample = |name, note, bundle: Bundle, manifest: Manifest, first: bool| {
        let bytes = minicbor::to_vec(&bundle).unwrap();
        read_by(name, Some("bundle"), note, bytes, move |bytes| {
            let read: Bundle = whole(bytes)?;
            let keeper = if first {
                Keeper::empty()
            } else {
                Keeper::after_first(&Story::new())
            };
            Ok(read == bundle && opens(&read, &keeper)? == manifest)
        })
    };
    let (first, second) = (first_manifest(&story), second_manifest(&story));
    let sealed = first_bundle(&story, WireVersion::Sealed);
    let file = OutboxFile::new(vec![sealed.clone()]);
    vec![
        sample(
            "bundle-raw",
            "A's first bundle in version 1; its body is a stored block of DEFLATE",
            first_bundle(&story, WireVersion::Raw),
            first.clone(),
            true,
        ),
        sample(
            "bundle-stripped",
            "A's second bundle in version 2: the body is stripped-body-bundle but for base time",
            second_bundle(&story),
            second,
            false,
        ),
        sample(
            "bundle-sealed",
            "A's first bundle in version 3: the signature is that of version 1",
            sealed,
            first,
            true,
        ),
        read_by(
            "outbox-file",
            Some("outbox-file"),
            "A's outbox in a file",
            file.to_bytes(),
            move |bytes| Ok(OutboxFile::from_bytes(bytes).map_err(text)? == file),
        ),
    ]
}

pub(crate) fn derivations() -> String {
    let story = Story::new();
    let proposed = header("shop", 0x5A);
    let lines = [
        (
            "HMAC of change-first under the salt 16 times 5a",
            change_mac(&proposed.salt, &story.first.change.hash).to_string(),
        ),
        ("HMAC of header", header_mac(&proposed).to_string()),
        (
            "digest of manifest-first",
            first_manifest(&story).digest().to_string(),
        ),
        (
            "digest of manifest-second",
            second_manifest(&story).digest().to_string(),
        ),
        ("public key of the seed 32 times 0a", hex(&public(&SEED_A))),
        (
            "public key of the seed 32 times 0b",
            hex(&public(&SEED_SERVER)),
        ),
        (
            "HPKE public key derived from 32 times 0c",
            hex(&ServerOpenKey::derive(&SEED_SEAL).1),
        ),
    ];
    lines
        .map(|(what, value)| format!("{what} = {value}\n"))
        .concat()
}

/// A bundle of the server's own, as phones keep it.
pub(crate) fn server_bundle(story: &Story) -> Bundle {
    let device = story.decision.change.actor.device();
    let records = vec![changes(
        shop(),
        Some(header("shop", 0x5A)),
        false,
        &[&story.decision],
    )];
    let mut manifest = manifest_of(story, 1, Sha256::default(), &records);
    manifest.device = device;
    let unsigned = Unsigned::new(manifest.clone());
    let signature = sign(&SEED_SERVER, unsigned.to_be_signed());
    let cose = unsigned.finish(signature);
    store(build(&manifest, cose, &records, WireVersion::Raw, &NoIndex))
}

/// Manifest and signature of A's first bundle, and the record's part, as the journal keeps them.
pub(crate) fn journal_bundle(story: &Story) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let manifest = first_manifest(story);
    let signature = sign_manifest(&manifest);
    (manifest.to_bytes(), signature, sealed_plain_list(story))
}

fn sealed_plain_list(story: &Story) -> Vec<u8> {
    let chunks = vec![minicbor::bytes::ByteVec::from(story.first.chunk.clone())];
    minicbor::to_vec((Some(header("shop", 0x5A)), chunks)).unwrap()
}

/// An author as people know them.
pub(crate) fn someone() -> (sync_core::DeviceId, String) {
    (B, "王芳".to_owned())
}
