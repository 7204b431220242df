#if !hasFeature(Embedded)
  /// A way to talk to one activated card: a real reader, a simulated card, a test's script.
  ///
  /// Call `transmit` one at a time. After an error the card's application state is unknown:
  /// `reactivate`, then select the application again.
  public protocol CardChannel: Sendable {
    /// What the card said of itself at activation.
    var activation: Activation { get async }

    /// Whether reader and card take extended length fields. False unless a channel knows better.
    var acceptsExtendedLength: Bool { get async }

    /// Sends one command, returns the card's answer to it as it is: `61xx` and `6Cxx` included.
    ///
    /// - Throws: `CardError`, no later than the deadline plus 10 ms.
    func transmit(
      _ command: CommandAPDU, deadline: ContinuousClock.Instant
    ) async throws(CardError) -> ResponseAPDU

    /// Activates the same card again after an interruption: field reset, select by UID. All
    /// application state on the card is gone afterwards.
    ///
    /// - Throws: `replaced` when another card answers, `removed` when none does by the deadline.
    func reactivate(deadline: ContinuousClock.Instant) async throws(CardError)
  }

  extension CardChannel {
    public var acceptsExtendedLength: Bool { get async { false } }
  }
#endif
