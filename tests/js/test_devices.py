"""static/js/camera/devices.js: which cameras there are to choose from, and what stays chosen."""

SLOW_MACHINE = """async (m, late) => {
  const select = document.createElement("select");
  select.add(new Option("Sample footage", "footage"));
  const camera = { kind: "videoinput", deviceId: "one", label: "Desk camera" };
  let named;
  navigator.mediaDevices.enumerateDevices = () => new Promise((done) => (named = () => done([camera])));
  const listed = m.listCameras(select);
  if (late) select.dispatchEvent(new Event("change"));
  named();
  await listed;
  return [select.value, [...select.options].map((option) => option.text)];
}"""


def test_a_camera_is_chosen_before_the_footage(ask):
    assert ask("camera/devices.js", SLOW_MACHINE, False) == ["one", ["Desk camera", "Sample footage"]]


def test_what_a_person_chose_while_cameras_were_being_named_stays(ask):
    assert ask("camera/devices.js", SLOW_MACHINE, True) == ["footage", ["Desk camera", "Sample footage"]]
