#include "daemon/log/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd::log {
namespace {

using testing::HasSubstr;

const std::chrono::system_clock::time_point moment{std::chrono::milliseconds(1'700'000'000'042)};

TEST(Log, LogfmtQuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(line(Format::Logfmt, moment, Level::Info, "looked",
                 {{"datname", "app"}, {"message", "a \"b\"=c\n"}, {"hint", ""}}),
            "ts=2023-11-14T22:13:20.042Z level=info msg=looked datname=app "
            "message=\"a \\\"b\\\"=c\\n\"\n");
}

TEST(Log, JsonEscapesControlCharactersAndBadBytes) {
  EXPECT_EQ(line(Format::Json, moment, Level::Error, "a\tb", {{"name", "\x01\xff\\"}}),
            "{\"ts\":\"2023-11-14T22:13:20.042Z\",\"level\":\"error\",\"msg\":\"a\\tb\","
            "\"name\":\"\\u0001\xEF\xBF\xBD\\\\\"}\n");
}

TEST(Log, ALineStaysOneLine) {
  const std::string text =
      line(Format::Logfmt, moment, Level::Warn, "two\nlines", {{"where", "x\r\ny"}});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST(Log, RefusesUnknownWords) {
  EXPECT_EQ(parse_level("warn"), Level::Warn);
  EXPECT_EQ(parse_format("json"), Format::Json);
  EXPECT_THROW(parse_level("trace"), Error);
  EXPECT_THROW(parse_format("xml"), Error);
}

/// What is written to stderr while it lives.
class CapturedStderr {
 public:
  CapturedStderr() : kept_(dup(STDERR_FILENO)) {
    EXPECT_EQ(pipe2(pipe_, O_NONBLOCK), 0);
    EXPECT_GE(fcntl(pipe_[1], F_SETPIPE_SZ, 1 << 20), 0);
    dup2(pipe_[1], STDERR_FILENO);
  }
  ~CapturedStderr() {
    dup2(kept_, STDERR_FILENO);
    close(kept_);
    close(pipe_[0]);
    close(pipe_[1]);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  std::string text() {
    std::string result;
    std::array<char, 4096> buffer{};
    for (ssize_t n; (n = read(pipe_[0], buffer.data(), buffer.size())) > 0;) {
      result.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return result;
  }

 private:
  int kept_;
  int pipe_[2] = {-1, -1};
};

TEST(Log, LeavesOutWhatIsBelowTheLevel) {
  CapturedStderr captured;
  configure(Level::Warn, Format::Logfmt);
  info("quiet");
  warn("loud");
  configure(Level::Info, Format::Logfmt);
  const std::string text = captured.text();
  EXPECT_THAT(text, HasSubstr("msg=loud\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("quiet")));
}

TEST(Log, LinesOfSeveralThreadsStayWhole) {
  CapturedStderr captured;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (int k = 0; k < 100; ++k) info("turn", {{"text", std::string(200, 'x')}});
      });
    }
  }
  const auto lines = split(captured.text(), '\n');
  ASSERT_EQ(lines.size(), 401U);
  for (std::size_t i = 0; i < 400; ++i) {
    EXPECT_TRUE(lines[i].starts_with("ts=") && lines[i].ends_with(std::string(200, 'x')))
        << lines[i];
  }
}

}  // namespace
}  // namespace driftd::log
