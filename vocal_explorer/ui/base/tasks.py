"""Jobs: the only place where a thread meets a widget."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal

from vocal_explorer.ui.base.jobs import Begin, Job, JobFunction
from vocal_explorer.ui.base.time_slices import TimeSlices
from vocal_explorer.ui.base.timers import ticker

ResultSlot = Callable[[Any], None]
ProgressSlot = Callable[[float, str], None]
MessageSlot = Callable[[str], None]
EndSlot = Callable[[], None]

MAX_QUESTIONS, MAX_DEEDS = 6, 6  # that run at a time
CHANGE = "change"  # kind of all short deeds that change the library: they are done in order


class Tasks(QObject):
    """Runs jobs of two kinds in worker threads.

    A question is *asked*: a newer one of its kind takes its place, and nobody hears of the
    older one any more. A deed is *done*: it waits for those of its kind before it, is never
    replaced, and is finished before everything ends.

    The functions take a Progress, return their result, and know no widget. What is handed
    over besides is called in the window's thread:

    on_result, on_progress
        What came of it, and how far it is.
    on_failure
        Takes the sentence of a VocalExplorerError; without it, `failed` is emitted.
    on_end
        Comes however the job ends, unless it was a question that was replaced.

    Attributes
    ----------
    turns
        Where what jobs found is shown, if that takes a while.
    rested
        Says that no job is left.
    closed
        Says that no thread is left after `close`.
    """

    failed = Signal(str)
    broken = Signal(str)
    rested = Signal()
    closed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.turns = TimeSlices()
        self._askers = ThreadPoolExecutor(MAX_QUESTIONS, thread_name_prefix="question")
        self._doers = ThreadPoolExecutor(MAX_DEEDS, thread_name_prefix="deed")
        self._questions: dict[str, Job] = {}  # the newest of each kind
        self._deeds: dict[str, deque[Job]] = {}  # of each kind, the first one runs
        self._alive: dict[Job, Future[None]] = {}
        self._waiting: list[Job] = []  # questions that do not begin at once
        self._next = ticker(self, 0)  # fires when everything is painted
        self._next.timeout.connect(self._begin_next)
        self._closing = self._closed = False

    def ask(
        self,
        kind: str,
        function: JobFunction,
        on_result: ResultSlot | None = None,
        *,
        on_progress: ProgressSlot | None = None,
        on_failure: MessageSlot | None = None,
        on_end: EndSlot | None = None,
        begin: Begin = Begin.AT_ONCE,
    ) -> None:
        """Ask a question, instead of the one of the same kind that is being answered."""
        if self._closing:
            return
        self.cancel(kind)
        job = self._job(kind, function, (on_result, on_progress, on_failure), begin)
        job.ended.connect(lambda: self._forget_question(job, on_end))
        self._questions[kind] = job
        if begin is Begin.AT_ONCE:
            self._alive[job] = self._askers.submit(job.run)
        else:
            self._waiting.append(job)
            self._next.start()

    def do(
        self,
        kind: str,
        function: JobFunction,
        on_result: ResultSlot | None = None,
        *,
        on_progress: ProgressSlot | None = None,
        on_failure: MessageSlot | None = None,
        on_end: EndSlot | None = None,
    ) -> Job:
        """Do something after all of the same kind that is to be done before.

        Returns
        -------
        The deed: the user alone may cancel it.
        """
        job = self._job(kind, function, (on_result, on_progress, on_failure), Begin.AT_ONCE)
        job.ended.connect(lambda: self._forget_deed(job, on_end))
        waiting = self._deeds.setdefault(kind, deque())
        waiting.append(job)
        if waiting[0] is job:
            self._begin_deed(job)
        return job

    def _job(
        self,
        kind: str,
        function: JobFunction,
        slots: tuple[ResultSlot | None, ProgressSlot | None, MessageSlot | None],
        begin: Begin,
    ) -> Job:
        on_result, on_progress, on_failure = slots
        job = Job(kind, function, begin)
        if on_result:
            job.finished.connect(on_result)
        if on_progress:
            job.progressed.connect(on_progress)
        job.failed.connect(on_failure or self.failed)
        job.broken.connect(self.broken)
        return job

    def _begin_deed(self, job: Job) -> None:
        self._alive[job] = self._doers.submit(job.run)

    def _begin_next(self) -> None:
        if not self.turns.idle:
            return
        self._next.stop()
        job = min(self._waiting, key=lambda job: job.begin is Begin.AT_REST, default=None)
        running = {other.begin for other in self._alive if not other.control.cancelled}
        if job is not None and not {Begin.IN_TURN, job.begin} & running:
            self._waiting.remove(job)
            self._alive[job] = self._askers.submit(job.run)

    def _forget_question(self, job: Job, on_end: EndSlot | None) -> None:
        self._join(job)
        if self._questions.get(job.kind) is job:
            del self._questions[job.kind]
            if on_end:
                on_end()
        self._say_rest()

    def _forget_deed(self, job: Job, on_end: EndSlot | None) -> None:
        self._join(job)
        waiting = self._deeds[job.kind]
        waiting.popleft()
        if on_end:
            on_end()
        if waiting:
            self._begin_deed(waiting[0])
        self._say_rest()

    def _join(self, job: Job) -> None:
        self._alive.pop(job).result()  # the thread has left the job: it may be deleted
        job.deleteLater()

    def _say_rest(self) -> None:
        if self._alive or self._waiting:
            self._next.start()
        elif self._closing:
            self._end()
        else:
            self.rested.emit()

    @property
    def idle(self) -> bool:
        """Whether no job is left, and all that they found is shown."""
        return not self._alive and not self._waiting and self.turns.idle

    @property
    def over(self) -> bool:
        """Whether all was closed, and no thread is left."""
        return self._closed

    def running(self, kind: str) -> bool:
        """Whether a job of this kind has not ended yet."""
        return kind in self._questions or bool(self._deeds.get(kind))

    def pause(self, kind: str) -> None:
        """Make the question of this kind wait at its next report."""
        if job := self._questions.get(kind):
            job.control.pause()

    def resume(self, kind: str) -> None:
        """Let the question of this kind go on."""
        if job := self._questions.get(kind):
            job.control.resume()

    def cancel(self, kind: str) -> None:
        """End the question of this kind at its next report; nothing is heard of it but its end."""
        if job := self._questions.get(kind):
            job.control.cancel()
            self._next.start()

    def close(self) -> None:
        """Cancel all questions, finish all deeds, and tell when no thread is left.

        Returns at once. Some questions, such as a map, cannot be cancelled: their threads
        end in their own time, and nobody hears of them.
        """
        if self._closing:
            return
        self._closing = True
        self._next.stop()
        self.turns.close()
        for question in (*self._questions.values(), *self._waiting):
            question.control.cancel()
        for question in self._waiting:
            question.deleteLater()
        self._waiting.clear()
        self._questions.clear()
        if not self._alive:
            self._end()

    def _end(self) -> None:
        self._closed = True
        self._askers.shutdown()
        self._doers.shutdown()
        self.closed.emit()
