#include "daemon/watch/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

namespace driftd {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

template <typename Condition>
bool within(milliseconds bound, const Condition& condition) {
  const auto end = Workers::Clock::now() + bound;
  while (!condition()) {
    if (Workers::Clock::now() >= end) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

void sleep_unless_stopped(const std::stop_token& stop, milliseconds time) {
  within(time, [&] { return stop.stop_requested(); });
}

TEST(Workers, DoATaskAgainWhenItIsDue) {
  Workers workers(2);
  std::atomic<int> turns = 0;
  const auto task = workers.add("", [&](const Workers::Turn&) {
    ++turns;
    return Workers::Next{milliseconds(5)};
  });
  EXPECT_TRUE(within(seconds(20), [&] { return turns >= 5; }));
}

TEST(Workers, ATaskHasOneThreadAtATime) {
  Workers workers(4);
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  std::atomic<int> turns = 0;
  const auto task = workers.add("", [&](const Workers::Turn&) {
    most = std::max(most.load(), ++at_once);
    std::this_thread::sleep_for(milliseconds(1));
    --at_once;
    ++turns;
    return Workers::Next{};
  });
  const auto others = workers.add("", [](const Workers::Turn&) { return Workers::Next{}; });
  while (turns < 50) task->soon();
  EXPECT_EQ(most, 1);
}

TEST(Workers, NeverMoreThreadsThanAllowedAndTheOneDueLongestIsFirst) {
  Workers workers(2);
  std::latch begin(1);
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::unique_ptr<Workers::Task>> tasks;
  for (int i = 0; i < 2; ++i) {
    tasks.push_back(workers.add("", [&](const Workers::Turn&) {
      begin.wait();
      return Workers::Next{hours(1)};
    }));
  }
  ASSERT_TRUE(within(seconds(20), [&] { return workers.load().busy == 2; }));
  for (int i = 0; i < 20; ++i) {
    tasks.push_back(workers.add("", [&, i](const Workers::Turn&) {
      most = std::max(most.load(), ++at_once);
      {
        const std::lock_guard lock(mutex);
        order.push_back(i);
      }
      std::this_thread::sleep_for(milliseconds(2));
      --at_once;
      return Workers::Next{hours(1)};
    }));
  }
  EXPECT_EQ(workers.load().due, 20U);
  begin.count_down();
  ASSERT_TRUE(within(seconds(20), [&] { return workers.load().busy == 0; }));
  EXPECT_EQ(most, 2);
  ASSERT_EQ(order.size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_NEAR(order[static_cast<std::size_t>(i)], i, 1);
}

/// Turns of tasks that take long, and of one that does not, in the same pool.
struct Race {
  explicit Race(int threads) : workers(threads) {}

  void add_slow(int count, const std::string& group, milliseconds takes) {
    for (int i = 0; i < count; ++i) {
      tasks.push_back(workers.add(group, [this, takes, group](const Workers::Turn& turn) {
        ++slow_at_once;
        sleep_unless_stopped(turn.stop, takes);
        --slow_at_once;
        ++slow_turns;
        return Workers::Next{milliseconds(1), !group.empty()};
      }));
    }
  }
  void add_quick() {
    tasks.push_back(workers.add("", [this](const Workers::Turn& turn) {
      latest = std::max(latest.load(), turn.late);
      ++quick_turns;
      return Workers::Next{milliseconds(20)};
    }));
  }

  Workers workers;
  std::atomic<int> slow_at_once = 0;
  std::atomic<int> slow_turns = 0;
  std::atomic<int> quick_turns = 0;
  std::atomic<Workers::Clock::duration> latest{};
  std::vector<std::unique_ptr<Workers::Task>> tasks;
};

TEST(Workers, SlowTasksHaveHalfOfTheThreads) {
  Race race(4);
  race.add_slow(6, "", milliseconds(1200));
  race.add_quick();
  // Nobody knows of a task that it is slow before its second turn.
  ASSERT_TRUE(within(seconds(30), [&] { return race.slow_turns >= 13; }));
  race.latest = Workers::Clock::duration{};
  const int before = race.quick_turns;
  int most = 0;
  within(milliseconds(1500), [&] {
    most = std::max(most, race.slow_at_once.load());
    return false;
  });
  EXPECT_EQ(most, 2);
  EXPECT_GT(race.quick_turns - before, 25);
  EXPECT_LT(race.latest.load(), milliseconds(500));
  EXPECT_GT(race.slow_turns, 14) << "slow tasks have their turns too";
}

TEST(Workers, OneLongTurnMakesNoTaskSlow) {
  Workers workers(2);
  std::atomic<int> first_turns = 0;
  std::atomic<int> second_turns = 0;
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  std::vector<std::unique_ptr<Workers::Task>> tasks;
  for (int i = 0; i < 2; ++i) {
    tasks.push_back(workers.add("", [&, turns = 0](const Workers::Turn& turn) mutable {
      ++(turns == 0 ? first_turns : second_turns);
      most = std::max(most.load(), turns == 0 ? 0 : ++at_once);
      sleep_unless_stopped(turn.stop, turns++ == 0 ? milliseconds(1100) : milliseconds(300));
      return Workers::Next{turns == 1 ? milliseconds(100) : milliseconds(3600000)};
    }));
  }
  EXPECT_TRUE(within(seconds(20), [&] { return second_turns == 2; }));
  EXPECT_EQ(first_turns, 2);
  EXPECT_EQ(most, 2) << "the second turns run beside each other";
}

TEST(Workers, OneServerThatIsSilentMakesAllItsTasksSlow) {
  Race race(4);
  race.add_slow(40, "db.example.com:5432", milliseconds(1200));
  race.add_quick();
  // Two rounds of four, and the group is known; 40 tasks apart would take ten.
  ASSERT_TRUE(within(seconds(30), [&] { return race.slow_turns >= 6; }));
  race.latest = Workers::Clock::duration{};
  int most = 0;
  within(milliseconds(1500), [&] {
    most = std::max(most, race.slow_at_once.load());
    return false;
  });
  EXPECT_EQ(most, 2);
  EXPECT_LT(race.latest.load(), milliseconds(500));
}

TEST(Workers, ATurnThatAnswersMakesItsGroupQuickAgain) {
  Workers workers(4);
  std::atomic<bool> silent = true;
  std::atomic<int> answered = 0;
  std::vector<std::unique_ptr<Workers::Task>> tasks;
  for (int i = 0; i < 8; ++i) {
    tasks.push_back(workers.add("server", [&](const Workers::Turn& turn) {
      if (!silent) {
        ++answered;
        return Workers::Next{hours(1)};
      }
      sleep_unless_stopped(turn.stop, milliseconds(1100));
      return Workers::Next{milliseconds(1), true};
    }));
  }
  std::this_thread::sleep_for(milliseconds(1300));
  silent = false;
  EXPECT_TRUE(within(seconds(10), [&] { return answered == 8; }));
}

TEST(Workers, OneThreadGivesSlowTasksHalfOfItsTime) {
  Race race(1);
  race.add_slow(1, "", milliseconds(1100));
  race.add_quick();
  ASSERT_TRUE(within(seconds(30), [&] { return race.slow_turns >= 2; }));
  const int before = race.quick_turns;
  const auto began = Workers::Clock::now();
  ASSERT_TRUE(within(seconds(30), [&] { return race.slow_turns >= 4; }));
  EXPECT_GT(Workers::Clock::now() - began, milliseconds(3300)) << "as long as they take, they rest";
  EXPECT_GT(race.quick_turns - before, 30);
}

TEST(Workers, HalfOfThemHaveLeaveForWhatTakesLong) {
  Workers workers(4);
  std::atomic<int> have = 0;
  std::atomic<int> refused = 0;
  std::latch end(1);
  std::vector<std::unique_ptr<Workers::Task>> tasks;
  for (int i = 0; i < 4; ++i) {
    tasks.push_back(workers.add("", [&](const Workers::Turn& turn) {
      if (turn.may_take_long()) {
        ++have;
        EXPECT_TRUE(turn.may_take_long()) << "once given it holds";
      } else {
        ++refused;
      }
      end.wait();
      return Workers::Next{hours(1)};
    }));
  }
  EXPECT_TRUE(within(seconds(20), [&] { return have == 2 && refused == 2; }));
  end.count_down();
  ASSERT_TRUE(within(seconds(20), [&] { return workers.load().busy == 0; }));
  const auto later = workers.add("", [&](const Workers::Turn& turn) {
    have += turn.may_take_long() ? 1 : 0;
    return Workers::Next{hours(1)};
  });
  EXPECT_TRUE(within(seconds(20), [&] { return have == 3; })) << "leave ends with the turn";
}

TEST(Workers, SoonOfATurnOutlivesItsTask) {
  Workers workers(1);
  std::function<void()> soon;
  std::latch done(1);
  auto task = workers.add("", [&](const Workers::Turn& turn) {
    soon = turn.soon;
    done.count_down();
    return Workers::Next{hours(1)};
  });
  done.wait();
  task.reset();
  soon();
  EXPECT_EQ(workers.load().due, 0U);
}

TEST(Workers, SoonIsNowAndOnceMoreAfterARunningTurn) {
  Workers workers(1);
  std::atomic<int> begun = 0;
  std::latch end(1);
  const auto task = workers.add("", [&](const Workers::Turn&) {
    if (++begun == 2) end.wait();
    return Workers::Next{hours(1)};
  });
  ASSERT_TRUE(within(seconds(20), [&] { return begun == 1 && workers.load().busy == 0; }));
  EXPECT_EQ(task->running(), Workers::Clock::duration::zero());
  task->soon();
  ASSERT_TRUE(within(seconds(20), [&] { return begun == 2; }));
  EXPECT_GT(task->running(), Workers::Clock::duration::zero());
  task->soon();
  end.count_down();
  EXPECT_TRUE(within(seconds(20), [&] { return begun == 3; }));
}

TEST(Workers, ATaskThatEndsInterruptsItsTurn) {
  Workers workers(1);
  std::atomic<bool> running = false;
  auto task = workers.add("", [&](const Workers::Turn& turn) {
    running = true;
    sleep_unless_stopped(turn.stop, seconds(60));
    running = false;
    return Workers::Next{};
  });
  ASSERT_TRUE(within(seconds(20), [&] { return running.load(); }));
  const auto began = Workers::Clock::now();
  task.reset();
  EXPECT_FALSE(running);
  EXPECT_LT(Workers::Clock::now() - began, seconds(20));
}

TEST(Workers, ATaskThatWasStoppedBeginsNoTurn) {
  Workers workers(1);
  std::atomic<int> turns = 0;
  const auto task = workers.add(
      "",
      [&](const Workers::Turn&) {
        ++turns;
        return Workers::Next{};
      },
      milliseconds(50));
  task->request_stop();
  task->soon();
  std::this_thread::sleep_for(milliseconds(120));
  EXPECT_EQ(turns, 0);
  EXPECT_EQ(workers.load().due, 0U);
}

}  // namespace
}  // namespace driftd
