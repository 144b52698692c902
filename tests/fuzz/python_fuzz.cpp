#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expected_schema/python/evaluator.h"

/// Loads any bytes as a revision and calls what it names `upgrade`, within small bounds. Only an
/// Error that says why it is not understood may come out.
namespace {

using namespace driftd;
using namespace driftd::python;

/// Answers everything, so that the source gets as far as it can.
class Permissive : public Host {
 public:
  std::optional<bool> truth(const Value&, const Place&) override { return asked_++ % 3 != 0; }
  std::optional<std::vector<Value>> items(const Value& value, const Place&) override {
    return std::vector<Value>{value, Value("item"), Value(std::int64_t{7})};
  }
  std::optional<std::string> text(const Value&, const Place&) override { return "text"; }

 private:
  int asked_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Permissive host;
  Evaluator evaluator(host, {.steps = 20'000, .depth = 100, .memory = 4U * 1024U * 1024U});
  try {
    const auto module = evaluator.load("fuzz", "fuzz.py", text);
    if (const auto upgrade = evaluator.global(*module, "upgrade")) {
      python::repr(evaluator.call(*upgrade, {}, {"fuzz.py", 1, 1}));
    }
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood || error.message().empty()) throw;
  }
  return 0;
}
