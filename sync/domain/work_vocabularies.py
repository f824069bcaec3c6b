"""Vocabularies of the work on a case: steps, closing points, interviews."""

from sync.domain.terms import vocabulary

OF_THE_WORK = (
    vocabulary(
        "step",
        ("REGISTER", "登记", "Register"),
        ("FORWARD", "转送", "Forward"),
        ("RECEIVE", "接收", "Receive"),
        ("RETURN", "退回", "Return"),
    ),
    vocabulary(
        "closing_point",
        ("RECEIVED", "接收", "Received"),
        ("STARTED", "启动办理", "Started"),
        ("RESULT", "办理结果", "Result"),
        ("ANSWERED", "答复", "Answered"),
        ("NOTICE", "实名受理告知", "Acceptance told to a real-name accuser"),
        ("FEEDBACK", "实名反馈", "Result told to a real-name accuser"),
        ("REVISITED", "回访", "Revisited"),
        ("RATED", "评价", "Rated"),
        ("CLARIFIED", "澄清", "Clarified"),
        ("SUPERVISION", "督办答复", "Supervision answered"),
    ),
    vocabulary(
        "interview_kind",
        ("RECEPTION", "接谈记录", "Record of a reception"),
        ("TALK", "谈话笔录", "Record of a talk"),
    ),
    vocabulary(
        "interviewee",
        ("COMPLAINANT", "反映人", "Complainant"),
        ("ACCUSED", "被反映人", "Person complained about"),
        ("WITNESS", "知情人", "Witness"),
        ("OTHER", "其他", "Other"),
    ),
    vocabulary(
        "interview_notice",
        ("IDENTITY", "出示证件、表明身份", "Who we are"),
        ("SECRECY", "保密要求", "Secrecy"),
        ("RIGHTS", "权利义务", "Rights and duties"),
        ("TRUTH", "如实反映", "Truthfulness"),
    ),
)
