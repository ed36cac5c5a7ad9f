// The contract where nobody thought of a case: random spans and questions, against the naive store.
#include "plan/contract/same_answers.h"
#include "plan/contract/trace_store_contract.h"
#include "plan/random_spans.h"
#include "plan/reference_store.h"

namespace spoor::contract {
namespace {

TEST_P(TraceStoreContract, AnswersRandomQuestionsAsTheNaiveStoreDoes) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    BeginAnew();
    Random random(seed);
    ReferenceStore reference;
    std::vector<Filter> filters{{AllOf{}}};
    for (int i = 0; i < 8; ++i) filters.push_back(RandomFilter(random, 2));
    for (int part = 0; part < 2; ++part) {
      for (int i = 0; i < 6; ++i) {
        const auto batch = RandomBatch(random, 8);
        SendBatch(batch);
        reference.Add(batch);
      }
      ASSERT_NO_FATAL_FAILURE(ExpectSameAnswers(Store(), reference, filters, kRandomStartNs, kRandomStartNs + 999));
    }
  }
}

}  // namespace
}  // namespace spoor::contract
