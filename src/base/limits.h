// Every limit that the outside can meet, in one place. docs/operating/limits.md tells them to operators, with the
// answer that each protocol gives; a test holds the two together.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spoor::limits {

using namespace std::chrono_literals;

// Bodies and messages, after decompression, on every ingest port.
inline constexpr size_t kBodyBytesMax = size_t{64} << 20;
// Bodies on the query port: it takes only small administrative ones.
inline constexpr size_t kQueryBodyBytesMax = size_t{1} << 20;

// HTTP connections.
inline constexpr size_t kHeaderBytesMax = size_t{64} << 10;
inline constexpr size_t kConnectionsMax = 4096;  // a port
inline constexpr auto kHeaderTimeout = 30s;      // from a connection's first wait (or last answer) to the end of a head
inline constexpr auto kBodyStallTimeout = 30s;   // without a byte of the body
inline constexpr auto kBodyTimeout = 300s;       // for a whole body
inline constexpr auto kWriteTimeout = 60s;       // without the client taking a byte of the answer
inline constexpr size_t kPipelinedRequestsMax = 16;  // of an ingest connection, read before the first is answered
// After a refusal, what a client goes on sending is read and thrown away, so that it comes to read the refusal.
inline constexpr auto kLingerTimeout = 10s;
inline constexpr size_t kLingerBytesMax = size_t{256} << 20;

// gRPC connections.
inline constexpr int kGrpcStreamsMax = 256;    // calls at once on a connection
inline constexpr auto kGrpcPingPeriod = 120s;  // without a byte, before we ask whether the peer is there

// Decoding.
inline constexpr int kValueDepthMax = 64;                   // arrays and maps inside an attribute's value
inline constexpr int kThriftDepthMax = 64;                  // structs, lists and maps of Thrift inside unknown fields
inline constexpr size_t kAttributesPerListMax = 4'000'000;  // of a span, event, link, resource or scope
inline constexpr size_t kSpansPerRequestMax = 4'000'000;
inline constexpr size_t kShapesPerRequestMax = 1'000'000;     // distinct lists of attribute keys and types
inline constexpr size_t kResourcesPerRequestMax = 1'000'000;  // distinct ones; and the same of scopes

// Queues.
inline constexpr size_t kDecodeQueueMax = 1024;  // requests
inline constexpr size_t kCommitQueueMax = 4096;  // batches
inline constexpr size_t kQueryQueueMax = 256;    // requests
inline constexpr auto kRetryAfter = 1s;          // told to senders that were refused for load

// Retries: for how long, and of how many batches, an exact repetition is known as one.
inline constexpr auto kRetryMemory = 600s;
inline constexpr size_t kRetryDigestsMax = size_t{512} << 10;

// Questions.
inline constexpr int kSearchLimitMax = 10'000;  // traces
inline constexpr int kSearchLimitDefault = 100;
inline constexpr auto kQueryTimeout = 30s;
inline constexpr int kOverviewColumnsMax = 500;
inline constexpr int kOverviewRowsMax = 200;
inline constexpr int kOverviewPointsMax = 10'000;
inline constexpr size_t kOverviewTracesMax = 10'000'000;  // that match; about 450 MiB while the answer is made

inline constexpr uint32_t kRedStepsMax = 2'000;  // points of a series
inline constexpr size_t kRedGroupsMax = 10'000;  // services, or operations, in one answer

// Rollups, of a block each: what is over counts together (model/rollup_builder.h). Names and times are what senders
// say.
inline constexpr size_t kRollupRowsMax = 65'536;                // (operation, status, minute) with spans
inline constexpr size_t kRollupMinutesMax = 4'096;              // different ones, where there are too many rows
inline constexpr size_t kRollupCellsMax = 8'388'608;            // buckets of durations, over all rows
inline constexpr size_t kRollupTextBytesMax = size_t{2} << 20;  // of all names
inline constexpr size_t kRollupNameBytesMax = 1'024;            // of one name

// Programs that are started beside the server (the demo, a learner's services).
inline constexpr size_t kProgramLastLines = 20;        // that are kept of what one writes
inline constexpr size_t kProgramLineBytesMax = 4'096;  // of a line; the rest is another one
inline constexpr size_t kPidFileBytesMax = 256;
inline constexpr auto kKillPatience = 5s;  // for the kernel to end what was killed

// The progress checker, as a client of services and of a backend.
inline constexpr auto kCheckConnectTimeout = 3s;  // to resolve a name; and again to connect
inline constexpr auto kCheckAnswerTimeout = 5s;   // from the connection to the end of the answer
inline constexpr size_t kCheckAnswerBytesMax = size_t{16} << 20;
inline constexpr auto kCheckWait = 10s;        // for traces, where a command does not say
inline constexpr auto kCheckLiveWait = 6s;     // for traces, when the server is asked; most SDKs send every 5 s
inline constexpr size_t kCheckAskersMax = 64;  // who wait for the run under way

// A learner's copy of the course.
inline constexpr size_t kCourseFileBytesMax = size_t{16} << 20;  // of one file in it

// Merging blocks: of one that is made out of several.
inline constexpr uint32_t kMergedSpansMax = 1'048'576;
inline constexpr uint32_t kFullBlockSpans = 131'072;
inline constexpr uint64_t kFullBlockBytes = uint64_t{4} << 20;
inline constexpr uint32_t kMergedTracesMax = 262'144;
inline constexpr uint64_t kMergedBytesMax = uint64_t{256} << 20;  // of its inputs
inline constexpr size_t kMergedBlocksMax = 64;                    // inputs
inline constexpr uint32_t kSplitTraceSpansMax = 131'072;          // of a trace that stands in several inputs

// Stopping.
inline constexpr auto kStopPatience = 8s;

}  // namespace spoor::limits
