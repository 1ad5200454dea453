import ParryDomain
import ParryStore

/// What this process answered lately, so that it says the same again even where it could not keep it.
struct RecentAnswers {
    private var current: [NetworkMessageStore.Key: CaseAnswer] = [:]
    private var former: [NetworkMessageStore.Key: CaseAnswer] = [:]

    /// Half of the answers go when there are too many.
    subscript(key: NetworkMessageStore.Key) -> CaseAnswer? {
        get { current[key] ?? former[key] }
        set {
            if current.count >= Limits.recentDecisionsMax / 2 {
                former = current
                current = [:]
            }
            current[key] = newValue
        }
    }
}
