extension Texts {
  static let korean = Texts(
    language: .korean,
    screens: Screens(
      restricted: Heading("지금은 이용하실 수 없습니다", "직원에게 문의해 주십시오."),
      readerLost: Heading(
        "카드 판독기를 사용할 수 없습니다", "잠시 기다려 주십시오. 계속되면 직원에게 문의해 주십시오."),
      idle: Heading("스마트 OTP", "카드를 판독기에 대 주십시오."),
      idleWithoutCenter: Heading(
        "인증센터에 연결할 수 없습니다", "잠시 후 다시 이용해 주십시오."),
      idleForPlainCodes: Heading(
        "인증센터에 연결할 수 없습니다",
        "지금은 거래를 확인할 수 없습니다. 거래와 관계없는 비밀번호가 필요하면 카드를 대 주십시오."),
      tapCard: Heading("확인하실 거래가 있습니다", "카드를 판독기에 대 주십시오."),
      reading: Heading("카드를 읽고 있습니다", "카드를 움직이지 말아 주십시오."),
      transaction: Heading(
        "거래 내용을 확인해 주십시오",
        "맞으면 카드를 떼었다가 다시 대 주십시오. 다르면 카드를 대지 말고 취소해 주십시오."),
      plainCode: Heading(
        "거래와 관계없는 일회용 비밀번호",
        "인증센터에 연결할 수 없습니다. 이 비밀번호로는 거래를 확인할 수 없습니다. 받으시려면 카드를 떼었다가 다시 대 주십시오."),
      making: Heading("일회용 비밀번호를 만들고 있습니다", "카드를 움직이지 말아 주십시오."),
      code: Heading(
        "일회용 비밀번호(OTP)", "거래 화면에 입력해 주십시오. 누구에게도 알려 주지 마십시오."),
      codeWithoutTransaction: Heading(
        "일회용 비밀번호(거래 확인용 아님)",
        "거래 확인에는 쓸 수 없습니다. 누구에게도 알려 주지 마십시오.")),
    notices: Notices(
      cardGone: "카드를 너무 일찍 떼었습니다. 다시 대 주십시오.",
      otherCard: "처음에 댄 카드가 아닙니다. 같은 카드를 대 주십시오.",
      notSmartOTP: "스마트 OTP 카드가 아닙니다.",
      notRegistered: "이 기기에 등록되지 않은 카드입니다.",
      severalCards: "카드가 여러 장 있습니다. 한 장만 대 주십시오.",
      noPlainCode: "인증센터에 연결할 수 없는 동안에는 이 카드로 비밀번호를 만들 수 없습니다.",
      faultyCard: "카드를 사용할 수 없습니다. 다시 대 주시거나 은행에 문의해 주십시오.",
      centerUnreachable: "인증센터에 연결할 수 없습니다. 잠시 후 다시 시도해 주십시오.",
      transactionClosed: "이미 종료된 거래입니다.",
      cardLost: "분실 신고된 카드입니다. 은행에 문의해 주십시오.",
      cardLocked: "사용이 정지된 카드입니다. 발급 은행을 방문해 주십시오.",
      refused: "인증센터에서 요청을 거절했습니다. 은행에 문의해 주십시오.",
      nothingPending: "이 카드로 확인하실 거래가 없습니다.",
      timedOut: "시간이 초과되었습니다. 처음부터 다시 진행해 주십시오.",
      cancelled: "취소되었습니다.",
      closed: "거래가 종료되었습니다.",
      readerLost: "카드 판독기를 사용할 수 없습니다. 잠시 기다려 주십시오."),
    restrictions: Restrictions(
      deviceNotRegistered: "이 기기는 인증센터에 등록되어 있지 않습니다.",
      copiedState: "다른 기기의 등록 정보입니다. 이 기기를 다시 등록해 주십시오.",
      stateUnreadable: "저장된 등록 정보를 읽을 수 없습니다.",
      stateExposed: "저장된 등록 정보가 다른 사용자에게 노출되어 있습니다.",
      readerForbidden: "카드 판독기를 사용할 권한이 없습니다.",
      installationAltered: "설치된 프로그램이 변경되었습니다.",
      platformTooOld: "시스템 소프트웨어가 너무 오래되었습니다."),
    kinds: Kinds(
      transfer: "이체", certificateReissue: "인증서 재발급", login: "로그인", other: "거래"),
    labels: Labels(
      institution: "금융기관", card: "카드", kind: "구분", page: "쪽", cancel: "취소"),
    secondsLeft: SecondsLeft(one: "초 남았습니다", other: "초 남았습니다"))
}
