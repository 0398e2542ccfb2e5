//! Messages between phone and server, in both directions. What is read must be written again the
//! same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync_core::sync::{EnrolReply, EnrolRequest, SyncRequest, SyncResponse, decode_pack};

fuzz_target!(|data: &[u8]| {
    if let Ok(request) = SyncRequest::from_bytes(data) {
        assert_eq!(SyncRequest::from_bytes(&request.to_bytes()), Ok(request));
    }
    if let Ok(response) = SyncResponse::from_bytes(data) {
        assert_eq!(SyncResponse::from_bytes(&response.to_bytes()), Ok(response));
    }
    if let Ok(request) = EnrolRequest::from_bytes(data) {
        assert_eq!(EnrolRequest::from_bytes(&request.to_bytes()), Ok(request));
    }
    if let Ok(reply) = EnrolReply::from_bytes(data) {
        assert_eq!(EnrolReply::from_bytes(&reply.to_bytes()), Ok(reply));
    }
    let _ = decode_pack(data);
});
